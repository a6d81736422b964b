import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, LeashedProcess, spawnLeashed } from '@secureconnect/degraded-mode/servers';
import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { checkApp, eventually, type Samples } from './testing/index.ts';

const examples = join(import.meta.dirname, '../examples');
const run = promisify(execFile);

/** A request that an app answers without a preparation. */
interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

interface Example {
  readonly name: string;
  /** Needs Redis in the app before. */
  readonly ask: Ask;
  readonly samples: () => Samples;
}

const all: readonly Example[] = [
  {
    name: 'webhooks',
    ask: { method: 'POST', path: '/hooks/1', body: { paid: 3 } },
    samples: () => {
      let hooks = 0;
      return { 'POST /hooks/:id': () => ({ path: `/hooks/${++hooks}`, body: { paid: 3 } }) };
    },
  },
];

/** No reply for so long is none. */
const hungMs = 1000;

/** How the app before answers while Redis is frozen or killed. */
async function answerBefore({ name, ask }: Example, fault: 'frozen' | 'killed'): Promise<string> {
  await using redis = await testRedis();
  const port = await freePort();
  const app = new LeashedProcess(
    spawnLeashed({
      command: [process.execPath, join(examples, name, 'before.ts')],
      signal: 'SIGKILL',
      stdio: 'ignore',
      env: { ...process.env, REDIS_URL: redis.url, PORT: String(port) },
    }),
  );
  const send = async (limitMs: number): Promise<string> => {
    const { method, path, body } = ask;
    const response = await fetch(`http://localhost:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return `${response.status}`;
  };
  try {
    await eventually(async () => expect(await send(5000)).toMatch(/^2/), { timeoutMs: 20_000 });
    if (fault === 'frozen') redis.freeze();
    else await redis.kill();
    const answer = await send(hungMs).catch(() => 'none');
    return app.running ? answer : 'dead';
  } finally {
    await app.stop('SIGKILL');
  }
}

async function changedLines(name: string): Promise<number> {
  const files = ['before.ts', 'after.ts'].map((file) => join(examples, name, file));
  const options = ['diff', '--no-index', '--numstat', ...files];
  // It ends with 1 if the files differ.
  const { stdout } = await run('git', options).catch((error: { stdout: string }) => error);
  const [added, removed] = stdout.split('\t').map(Number);
  return (added ?? Number.NaN) + (removed ?? Number.NaN);
}

describe.each(all)('the example $name', { timeout: 60_000 }, (example) => {
  it('changes 40 lines at most, those that go and those that come', async () => {
    const changed = await changedLines(example.name);
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThanOrEqual(40);
  });

  it.concurrent.each(['frozen', 'killed'] as const)(
    'answers nothing useful before, while Redis is %s',
    async (fault) => {
      expect(await answerBefore(example, fault)).toMatch(/^(none|dead|500)$/);
    },
  );

  it.concurrent('does what it declares after, while Redis is frozen and killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'example-'));
    try {
      const database = join(folder, 'data.sqlite');
      const variable = ['/usr/bin/env', `DATABASE=${database}`];
      const command = [...variable, process.execPath, join(examples, example.name, 'after.ts')];
      const faults = ['killed and restarted with', 'frozen'];
      const samples = example.samples();
      const report = await checkApp({ command, samples, faults, limitMs: 5000 });
      expect(report.wrong).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
