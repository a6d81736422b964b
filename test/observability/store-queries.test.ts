import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  eventually,
  freePort,
  type OwnPostgres,
  ownPostgres,
  programSkipReason,
  type TestRedis,
  testRedis,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRedis } from '../support/ask-redis.ts';
import {
  dashboards,
  readYaml,
  root,
  ruleGroups,
  storesDashboard,
  storesGroup,
  withIntervals,
} from './deployed.ts';
import { selectorsOf } from './selectors.ts';
import { startWatchingPrometheus, type WatchingPrometheus } from './watching-prometheus.ts';

const run = promisify(execFile);
const needed = ['prometheus-redis-exporter', 'prometheus-postgres-exporter', 'prometheus', 'psql'];
const reason = needed.map((name) => programSkipReason([name])).find((each) => each !== '') ?? '';

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { readonly command?: readonly string[]; readonly environment?: Record<string, string> }
    >
  >;
}
const { services } = readYaml<Compose>(join(root, 'docker-compose.yml'));
const password = 'the-password-of-a-test';

const rules = ruleGroups().find(({ name }) => name === storesGroup)?.rules ?? [];
const alerts = rules.filter((rule) => 'alert' in rule);
const panels = dashboards().find(({ file }) => file === storesDashboard)?.panels ?? [];
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, query: withIntervals(expr) })),
);
const selectors = [
  ...new Set([...alerts.map(({ expr }) => expr), ...queries.map(({ query }) => query)]),
].flatMap(selectorsOf);

/** The line of docker-compose.yml that gives Redis the exporter's user, as a setting. */
function exporterUser(): string {
  const script = services['redis']?.command?.join('\n') ?? '';
  const [line = ''] = /^user exporter .*$/m.exec(script) ?? [];
  return line.replace('$$EXPORTER_PASSWORD', password);
}

/** The environment of an exporter in docker-compose.yml, with stores of the test. */
function environmentOf(name: string, places: Readonly<Record<string, string>>) {
  const deployed = Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [
    key,
    value.replace(/\$\{EXPORTER_PASSWORD:\?[^}]*\}/, password),
  ]);
  return { ...Object.fromEntries(deployed), ...places };
}

interface Exporter extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
}

async function startExporter(program: string, env: NodeJS.ProcessEnv): Promise<Exporter> {
  const address = `127.0.0.1:${await freePort()}`;
  const child: ChildProcess = spawn(program, [`--web.listen-address=${address}`], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'ignore',
  });
  await eventually(() => fetch(`http://${address}/metrics`));
  return {
    address,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

describe.skipIf(reason !== '')(`the exporters of docker-compose.yml${reason}`, () => {
  const parts = new AsyncDisposableStack();
  let redis: TestRedis;
  let postgres: OwnPostgres;
  let prometheus: WatchingPrometheus;

  beforeAll(async () => {
    const settings = ['maxmemory 100mb', exporterUser()];
    [redis, postgres] = await Promise.all([testRedis({ settings }), ownPostgres()]);
    parts.use(redis);
    parts.use(postgres);
    await postgres.run('CREATE TABLE secrets (text text)');
    const { hostname, port, username, password: own, pathname } = new URL(postgres.url);
    const env = {
      ...process.env,
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: own,
      PGDATABASE: pathname.slice(1),
      EXPORTER_PASSWORD: password,
    };
    const role = join(root, 'deploy', 'exporters', 'postgres-role.sh');
    // Twice, as it runs at each start of the stack.
    for (const _start of ['first', 'second']) await run('sh', [role], { env });
    const ofRedis = environmentOf('redis-exporter', { REDIS_ADDR: redis.url });
    const place = `${hostname}:${port}${pathname}?sslmode=disable`;
    const ofPostgres = environmentOf('postgres-exporter', { DATA_SOURCE_URI: place });
    const exporters = {
      'redis-exporter': parts.use(await startExporter('prometheus-redis-exporter', ofRedis)),
      'postgres-exporter': parts.use(
        await startExporter('prometheus-postgres-exporter', ofPostgres),
      ),
    };
    prometheus = parts.use(
      await startWatchingPrometheus(
        Object.fromEntries(Object.entries(exporters).map(([name, { address }]) => [name, address])),
      ),
    );
    await eventually(
      async () => {
        for (const { title, query } of queries) {
          expect(await prometheus.query(query), title).not.toEqual([]);
        }
      },
      { timeoutMs: 20_000, intervalMs: 500 },
    );
  }, 60_000);
  afterAll(() => parts.disposeAsync());

  it('have every series that the rules and panels about stores use', async () => {
    expect(selectors.length).toBeGreaterThan(10);
    for (const selector of selectors) {
      // No connection of this test is active, or idle in a transaction, for long enough to be seen.
      const any = selector.replace(/\{state=~[^}]*\}/, '');
      expect(await prometheus.query(any), selector).not.toEqual([]);
    }
  });

  it('fire no alert about stores that are well', async () => {
    for (const { alert, expr } of alerts) expect(await prometheus.query(expr), alert).toEqual([]);
  });

  it('read PostgreSQL in a role that reads and writes nothing of ours', async () => {
    const asExporter = (statement: string) =>
      postgres.run(`SET ROLE secureconnect_exporter; ${statement}`);
    await expect(asExporter('SELECT * FROM secrets')).rejects.toThrow(/permission denied/);
    await expect(asExporter('CREATE TABLE t (i int)')).rejects.toThrow(/permission denied/);
    const [{ rolsuper, rolconnlimit } = {}] = await postgres.run(
      "SELECT rolsuper, rolconnlimit FROM pg_roles WHERE rolname = 'secureconnect_exporter'",
    );
    expect({ rolsuper, rolconnlimit }).toEqual({ rolsuper: false, rolconnlimit: 5 });
  });

  it.each([
    'GET a',
    'CONFIG GET requirepass',
    'SLOWLOG GET',
    'CLIENT LIST',
    'KEYS *',
    'PUBLISH a b',
  ])('read Redis as a user that may not %s', async (command) => {
    const reply = await askRedis(redis.port, `ACL DRYRUN exporter ${command}`);
    expect(reply).toContain('has no permissions to run');
  });

  it('fire StoreUnwatched once a store is down', async () => {
    await redis.kill();
    const { expr = '' } = alerts.find(({ alert }) => alert === 'StoreUnwatched') ?? {};
    await eventually(
      async () => {
        const found = await prometheus.query(expr);
        expect(found.map(({ metric }) => metric)).toEqual([
          { namespace: 'secureconnect', service: 'redis' },
        ]);
      },
      { timeoutMs: 20_000, intervalMs: 500 },
    );
  });
});
