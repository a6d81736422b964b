import { createLogger } from '@secureconnect/service';
import { freePort } from '@secureconnect/testkit';
import { expect, test } from 'vitest';
import { cassandraMessages } from '../src/stores/cassandra/cassandra-messages.ts';
import { CassandraConnection } from '../src/stores/cassandra/connection.ts';
import { freshKeyspace } from './message-store/cassandra-store.ts';

test('without any Cassandra it starts, refuses, logs that once, and stops', async () => {
  const contactPoints = `127.0.0.1:${await freePort()}`;
  const config = freshKeyspace({ contactPoints, localDataCenter: 'datacenter1' });
  const lines: string[] = [];
  const write = (line: string): unknown => lines.push(line);
  const log = createLogger({ service: 'chat', level: 'info', write });
  const connection = new CassandraConnection(config, log);
  await connection.start();
  const store = cassandraMessages(connection);
  for (let times = 0; times < 3; times += 1) {
    await expect(store.ping()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      status: 503,
      options: { retryAfterSeconds: 5 },
    });
  }
  await connection.close();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('Cassandra unavailable; reconnecting');
});
