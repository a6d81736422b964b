import type { Drill, DrillRequest } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

interface DrillRow {
  drill_id: string;
  services: string[];
  instance: string | null;
  dependency: string;
  port: string | null;
  begun_at: Date;
  ends_at: Date;
  ended_at: Date | null;
}

const columns = 'drill_id, services, instance, dependency, port, begun_at, ends_at, ended_at';

/** The drills under way, the oldest first. */
export async function listDrills(sql: Sql): Promise<Drill[]> {
  const rows = await sql.query<DrillRow>(
    `SELECT ${columns} FROM auth.drills WHERE ended_at IS NULL AND ends_at > now()
     ORDER BY begun_at, drill_id`,
  );
  return rows.map(drill);
}

export async function insertDrill(
  sql: Sql,
  drillId: string,
  { services, instance, dependency, port, seconds }: DrillRequest,
): Promise<Drill> {
  const [row] = await sql.query<DrillRow>(
    `INSERT INTO auth.drills (drill_id, services, instance, dependency, port, ends_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second') RETURNING ${columns}`,
    [drillId, services, instance ?? null, dependency, port ?? null, seconds],
  );
  if (row === undefined) throw new Error('the drill was not inserted');
  return drill(row);
}

/** Ends a drill, unless it is over; with whether that was a change. Undefined if there is none. */
export async function endDrill(
  sql: Sql,
  drillId: string,
): Promise<{ readonly drill: Drill; readonly isChange: boolean } | undefined> {
  const [ended] = await sql.query<DrillRow>(
    `UPDATE auth.drills SET ended_at = now()
     WHERE drill_id = $1 AND ended_at IS NULL AND ends_at > now() RETURNING ${columns}`,
    [drillId],
  );
  if (ended !== undefined) return { drill: drill(ended), isChange: true };
  const query = `SELECT ${columns} FROM auth.drills WHERE drill_id = $1`;
  const [over] = await sql.query<DrillRow>(query, [drillId]);
  return over === undefined ? undefined : { drill: drill(over), isChange: false };
}

function drill({ begun_at, ends_at, ended_at, ...fields }: DrillRow): Drill {
  return {
    ...fields,
    begun_at: begun_at.toISOString(),
    ends_at: ends_at.toISOString(),
    ended_at: ended_at?.toISOString() ?? null,
  };
}
