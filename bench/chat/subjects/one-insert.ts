import pg from 'pg';

/** The table that anybody would create first: no index but its key. */
const floorTable = `CREATE TABLE IF NOT EXISTS public.floor_messages (
  message_id uuid PRIMARY KEY, room text NOT NULL, content text NOT NULL, created_at timestamptz NOT NULL)`;

const insert = {
  name: 'insert',
  text: 'INSERT INTO public.floor_messages (message_id, room, content, created_at) VALUES ($1, $2, $3, $4)',
};

/** As many connections as ours has. */
const maxConnections = 10;

/** A message to be stored. */
export interface FloorMessage {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly content: string;
  readonly created_at: Date | string;
}

/** The least that stores a message: one prepared INSERT, committed by itself. */
export async function openFloorStore(
  databaseUrl: string,
): Promise<(message: FloorMessage) => Promise<void>> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: maxConnections });
  await pool.query(floorTable);
  return async ({ message_id, conversation_id, content, created_at }) => {
    await pool.query({ ...insert, values: [message_id, conversation_id, content, created_at] });
  };
}
