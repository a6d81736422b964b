import { eventually, type OwnPostgres, ownPostgres } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { serviceNames, startStack } from './support/stack.ts';

type Line = Record<string, unknown>;

it('a database that is down has one line in each service, with its cause, and one when it is back', {
  timeout: 90_000,
}, async () => {
  await using database: OwnPostgres = await ownPostgres();
  const wayToDatabase = async () => ({
    url: database.url,
    [Symbol.asyncDispose]: async () => undefined,
  });
  await using stack = await startStack({}, { wayToDatabase });
  const statuses = (): Promise<number[]> =>
    Promise.all(
      serviceNames.map(async (name) => {
        const reply = await fetch(`${stack.urls[name]}/ready`);
        await reply.arrayBuffer();
        return reply.status;
      }),
    );
  /** What the services that ask the database whether it is there have told of it. */
  const told = (service: string): Line[] =>
    stack.logs
      .map((line): Line => ({ ...line }))
      .filter((line) => line['service'] === service && line['dependency'] === 'database');
  const asking = ['auth', 'chat', 'video', 'storage'];

  await database.kill();
  await eventually(async () => expect((await statuses()).slice(1)).toEqual([503, 503, 503, 503]));
  // For several of the looks that are taken once a second, and however many who ask.
  const since = performance.now();
  while (performance.now() - since < 4000) await statuses();
  for (const service of asking) {
    expect(told(service)).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'dependency is unavailable',
        cause: expect.objectContaining({ message: expect.stringMatching(/./) }),
      }),
    ]);
    expect(JSON.stringify(told(service))).not.toContain(new URL(database.url).password);
  }
  const lines = stack.logs.filter(({ level }) => level === 'warn' || level === 'error');
  // Connections that broke, copies of revocations and sweeps have no lines of their own.
  expect(lines.length).toBeLessThan(3 * serviceNames.length);

  await database.restart();
  await eventually(async () => expect(await statuses()).toEqual([200, 200, 200, 200, 200]), {
    timeoutMs: 20_000,
  });
  for (const service of asking) {
    const [, back, ...more] = told(service);
    expect(back).toMatchObject({ level: 'info', msg: 'dependency is available again' });
    expect(back?.['duration_ms']).toBeGreaterThan(3000);
    expect(more).toEqual([]);
  }
});
