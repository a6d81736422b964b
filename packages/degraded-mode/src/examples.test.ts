import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
  readonly samples: (database: string) => Samples;
}

/** Counts rows in the database of an app, beside the app. */
function rowsIn(database: string, table: string): number {
  const sql = new DatabaseSync(database, { readOnly: true });
  try {
    return Number(sql.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows']);
  } finally {
    sql.close();
  }
}

const signIn: Ask = { method: 'POST', path: '/links/sign-in/ada' };

async function createLink(url: string) {
  const signedIn = await fetch(`${url}${signIn.path}`, { method: 'POST' });
  const cookie = signedIn.headers.getSetCookie().join();
  return {
    method: 'POST',
    path: '/links',
    headers: { cookie },
    body: { url: 'https://example.org' },
  };
}

const all: readonly Example[] = [
  {
    name: 'url-shortener',
    ask: signIn,
    samples: (database) => ({
      sessions: [
        signIn,
        async ({ url }) => ({
          ...(await createLink(url)),
          effect: () => rowsIn(database, 'links'),
        }),
      ],
      'GET /:code': async ({ url }) => {
        const { method, path, headers, body } = await createLink(url);
        const type = { ...headers, 'content-type': 'application/json' };
        const text = JSON.stringify(body);
        const created = await fetch(`${url}${path}`, { method, headers: type, body: text });
        const { code }: { readonly code?: string } = JSON.parse(await created.text());
        return { path: `/${code}` };
      },
    }),
  },
  {
    name: 'carts',
    ask: { method: 'PUT', path: '/carts/ada/bread' },
    samples: (database) => ({
      'GET /carts/:user': { path: '/carts/ada' },
      'PUT /carts/:user/:item': { path: '/carts/ada/bread' },
      'POST /carts/:user/orders': {
        path: '/carts/ada/orders',
        // A refusal comes before the cart is emptied.
        ports: ['carts'],
        effect: () => rowsIn(database, 'orders'),
      },
      'GET /orders/:user': { path: '/orders/ada' },
    }),
  },
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
      const samples = example.samples(database);
      const report = await checkApp({ command, samples, faults, limitMs: 5000 });
      expect(report.wrong).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
