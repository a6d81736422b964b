import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { makePeople } from '../soak/people.ts';
import type { ServiceName } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startInstances } from './instances.ts';
import { LoadBalancer } from './load-balancer.ts';
import { type Kind, SteadyLoad } from './steady-load.ts';

/** Some 60 requests a minute each: below every limit. */
const people = 200;

const kinds: readonly Kind[] = [
  { name: 'auth', status: 200, path: () => '/v1/users/me' },
  {
    name: 'chat, a message',
    status: 201,
    path: () => '/v1/messages',
    body: ({ conversationId }) => ({ conversation_id: conversationId, content: randomUUID() }),
  },
  {
    name: 'chat, the last messages',
    status: 200,
    path: ({ conversationId }) => `/v1/messages?conversation_id=${conversationId}&limit=5`,
  },
  { name: 'video', status: 404, path: () => `/v1/calls/${randomUUID()}` },
  { name: 'storage', status: 200, path: () => '/v1/storage/quota' },
];

/** One instance of each service behind the gateways at a time, then the others, then the gateways. */
async function restartAll(
  restart: (service: ServiceName, index: 0 | 1) => Promise<void>,
): Promise<void> {
  for (const index of [0, 1] as const) {
    const behind = ['auth', 'chat', 'video', 'storage'] as const;
    await Promise.all(behind.map((service) => restart(service, index)));
  }
  for (const index of [0, 1] as const) await restart('gateway', index);
}

it('a rolling restart of every service under load fails no request', {
  timeout: 300_000,
}, async () => {
  await using instances = await startInstances();
  const { databaseUrl, jwtSecret } = instances;
  await using parts = new AsyncDisposableStack();
  const database = openTestDatabase(databaseUrl);
  parts.defer(() => database.close());
  const [chat = ''] = instances.urlsOf('chat');
  const everybody = await makePeople(database, chat, { jwtSecret, count: people });

  const load = new SteadyLoad(new LoadBalancer(instances.urlsOf('gateway')), everybody, kinds);
  const restarts: string[] = [];
  const during = restartAll(async (service, index) => {
    const began = load.seconds();
    await instances.restart(service, index);
    const [from, to] = [began, load.seconds()].map((at) => at.toFixed(1));
    restarts.push(`${service}-${index} from ${from} to ${to} s`);
  });
  const seconds = await load.run(during);

  expect(load.failed, restarts.join(', ')).toEqual([]);
  for (const { name } of kinds) expect(load.good.get(name), name).toBeGreaterThan(0);
  const [stored] = await database.query('SELECT count(*)::int AS messages FROM chat.messages', []);
  expect(stored).toEqual({ messages: load.good.get('chat, a message') });
  process.stdout.write(
    `rolling restart: 10 restarts in ${seconds.toFixed(1)} s, ${load.sent} requests ` +
      `(${Math.round(load.sent / seconds)} a second), 0 failed\n`,
  );
});
