import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { eventually, testRedis } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { type ExampleOptions, type Reply, startExample } from './start-example.ts';

/** A command of the README, and what it says of the reply. */
interface Step {
  readonly command: string;
  readonly output: string;
}

/** The first session of the README in a terminal. */
function readmeSteps(): Step[] {
  const text = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, session = ''] = /^```console\n(.*?)^```$/ms.exec(text) ?? [];
  const parts = session.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const [command = '', ...output] = part.trimEnd().split('\n');
    return { command, output: output.join('\n') };
  });
}

/** A reply as the README shows it. */
function shown({ status, degraded, retryAfter, body }: Reply): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...(degraded === null ? [] : [`X-Degraded: ${degraded}`]),
    ...(retryAfter === null ? [] : [`Retry-After: ${retryAfter}`]),
    JSON.stringify(body),
  ];
  return lines.join('\n');
}

/** Runs the example of the README, takes its Redis away, and gives it back. */
export async function expectAsTheReadmeSays(options: ExampleOptions): Promise<void> {
  await using redis = await testRedis();
  await using shop = await startExample(options, { REDIS_URL: redis.url });
  const expectMode = async (degraded: boolean): Promise<void> =>
    expect((await shop.send('GET', '/v1/degraded')).body).toMatchObject({ degraded });
  // On a busy machine the first probe may be too slow.
  await eventually(() => expectMode(false));

  const [startRedis, startShop, ...steps] = readmeSteps();
  expect(startRedis?.command).toMatch(/^redis-server /);
  expect(startShop?.command).toMatch(/^node shop/);
  let isBack = false;
  for (const { command, output } of steps) {
    const [, method = 'GET', path] =
      /^curl -i (?:-X (\w+) )?localhost:3000(\/\S+)$/.exec(command) ?? [];
    if (path !== undefined) {
      const check = async () => expect(shown(await shop.send(method, path))).toBe(output);
      await (isBack ? eventually(check) : check());
    } else if (command.startsWith('kill ')) {
      await redis.kill();
    } else {
      expect(command).toBe(startRedis?.command);
      await expectMode(true);
      await redis.restart();
      isBack = true;
    }
  }
  expect(isBack).toBe(true);
  const { degraded } = await shop.send('GET', '/visits');
  expect(degraded).toBeNull();
}
