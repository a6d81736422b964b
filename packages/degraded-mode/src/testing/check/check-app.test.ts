import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkApp } from './check-app.ts';
import type { CheckReport } from './report.ts';
import type { Samples } from './sample.ts';

const own = join(import.meta.dirname, '../../..');
const shop = join(own, 'test/checked-shop.ts');

/** Of a request on a busy machine. */
const patienceMs = 5000;

/** Where altered apps find the packages that the unaltered one imports. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checked-shop-'));
  await mkdir(join(folder, 'node_modules/@secureconnect'), { recursive: true });
  await symlink(own, join(folder, 'node_modules/@secureconnect/degraded-mode'));
  await symlink(join(own, 'node_modules/express'), join(folder, 'node_modules/express'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Checks the shop with some of its text replaced, under a Redis that is killed. */
async function check(
  alterations: readonly (readonly [text: string, by: string])[],
  faults: readonly string[],
): Promise<CheckReport> {
  const home = await mkdtemp(join(folder, 'app-'));
  const orders = join(home, 'orders');
  await writeFile(orders, '');
  const code = await readFile(shop, 'utf8');
  const altered = alterations.reduce(
    (before, [text, by]) => {
      expect(before).toContain(text);
      return before.replace(text, by);
    },
    code.replace("process.env['ORDERS_FILE'] ?? ''", JSON.stringify(orders)),
  );
  await writeFile(join(home, 'app.mjs'), stripTypeScriptTypes(altered));
  const samples: Samples = {
    'POST /orders/:item': () => ({
      path: '/orders/book',
      effect: async () => (await readFile(orders, 'utf8')).length,
    }),
  };
  const command = [process.execPath, join(home, 'app.mjs')];
  return checkApp({ command, samples, faults, limitMs: patienceMs });
}

const killed = 'killed and restarted with its data';

describe('the check of an app', { timeout: 60_000 }, () => {
  it.concurrent('finds nothing in an app that does what it declares', async () => {
    const report = await check([], ['killed and restarted with', 'frozen', 'starts', 'OOM']);
    expect(report.wrong).toEqual([]);
    const cells = report.rows.map((row) => report.faults.map((fault) => report.cell(row, fault)));
    expect(report.rows).toEqual(['GET /visits', 'POST /orders/:item']);
    // The order needs a function, which needs an app with Redis.
    expect(cells).toEqual([
      ['·', 'S', 'S', 'S', 'S'],
      ['·', 'R', 'R', '-', 'R'],
    ]);
    expect(report.toString()).toContain('2 rows × 5 modes, 0 wrong');
  });

  const ports = 'app.use(degradedErrors)';

  it.concurrent.each<readonly [string, string, string, RegExp]>([
    [
      'a refusal that the app swallows',
      ports,
      'app.use((_error, _request, response, _next) => response.json({ taken: 0 }))',
      /POST \/orders\/:item: 200 although the port stock fails closed; 200, but its effect happened 0/,
    ],
    ['a refusal that becomes a 500', ports, 'app', /POST \/orders\/:item: 500 instead of 200/],
    [
      'a request that hangs',
      'count: async () => ++ownVisits',
      'count: () => new Promise(() => undefined)',
      /GET \/visits: no reply within 5000 ms/,
    ],
    [
      'a substitute that the reply does not name',
      'await visits.count()',
      'await redis.incr("visits").catch(() => ++ownVisits)',
      /GET \/visits: 200 without naming visits=local/,
    ],
    [
      'an effect despite 503',
      "route.post(\n  '/orders",
      "app.post('/orders/:item', async (_request, _response, next) => {\n" +
        "  await appendFile(ordersFile, '+');\n  next();\n});\nroute.post(\n  '/orders",
      /POST \/orders\/:item: 503, but it had its effect/,
    ],
  ])('finds %s', async (_what, text, by, said) => {
    const { wrong } = await check([[text, by]], [killed]);
    const during = wrong.filter((line) => line.startsWith(killed));
    expect(during).toEqual(expect.arrayContaining([expect.stringMatching(said)]));
  });

  it('names the rows that need a sample, and refuses samples of no row', async () => {
    const options = { command: [process.execPath, shop], faults: [killed] };
    const { wrong } = await checkApp(options);
    expect(wrong).toContain(`${killed}: POST /orders/:item: not tried`);
    await expect(checkApp({ ...options, samples: { 'GET /visit': {} } })).rejects.toThrow(
      'samples of unknown rows: GET /visit',
    );
    await expect(checkApp({ ...options, faults: ['thawed twice'] })).rejects.toThrow(
      'there is no fault thawed twice; the faults are: killed and restarted with its data;',
    );
  });
});
