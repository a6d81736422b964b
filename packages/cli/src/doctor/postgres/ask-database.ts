import pg from 'pg';

const timeoutMs = 4000;

/**
 * Connects, lets `work` ask, and closes the connection. Each statement has 4 s, and so has the
 * connection. Rejects with the reason of the server or of the network.
 */
export async function askDatabase<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: 'secureconnect-doctor',
  });
  client.on('error', () => undefined); // the next statement fails with the reason
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined); // the connection is gone, which is what it is for
  }
}
