import { beforeAll, describe, expect, it } from 'vitest';
import { failClosed, failOpen, type Row } from '../../packages/degraded-mode/src/index.ts';
import type { ServiceName } from '../support/stack.ts';
import { Findings } from './findings.ts';
import { modes } from './modes.ts';
import { runMode } from './run-mode.ts';
import { routeTables, rowName, tableRows } from './tables.ts';

const refuse = failClosed({ retryAfterSeconds: 5 });

/** A row that is served otherwise than it is declared, and what the suite must say of it. */
interface Mutation {
  readonly what: string;
  readonly service: ServiceName;
  readonly route: string;
  readonly alter: (declared: Row['whenRedisDown']) => Row['whenRedisDown'];
  readonly handle?: () => Promise<unknown>;
  readonly said: RegExp;
}

const mutations: readonly Mutation[] = [
  {
    what: 'login skips its new sessions instead of refusing for them',
    service: 'auth',
    route: 'POST /v1/auth/login',
    // The failed logins refuse all the same: only the count and the live table show it.
    alter: (declared) => ({ ...declared, newSessions: failOpen.skip() }),
    said: /not counted: newSessions=failClosed/,
  },
  {
    what: 'presence refuses instead of being skipped',
    service: 'chat',
    route: 'POST /v1/presence',
    alter: (declared) => ({ ...declared, presence: refuse }),
    said: /503 instead of 200/,
  },
  {
    what: 'the directory of lookup refuses instead of asking SQL',
    service: 'auth',
    route: 'GET /v1/users/lookup',
    alter: (declared) => ({ ...declared, directory: refuse }),
    said: /503 instead of 200/,
  },
  {
    what: 'the revocations of a profile refuse instead of asking the snapshot',
    service: 'auth',
    route: 'GET /v1/auth/profile',
    alter: (declared) => ({ ...declared, revocations: refuse }),
    said: /503 instead of 200/,
  },
  {
    what: 'logout drops the ports that refuse it, and goes on without them',
    service: 'auth',
    route: 'POST /v1/auth/logout',
    alter: ({ sessions: _sessions, blacklist: _blacklist, ...rest }) => rest,
    handle: async () => ({ logged_out: true }),
    said: /200 instead of 503/,
  },
];

/** Alters a row in the table that the service is started from, until disposed of. */
function mutated({ service, route, alter, handle }: Mutation): Disposable {
  const found = routeTables[service].find((one) => one.row.route === route);
  if (found === undefined) throw new Error(`there is no row ${route}`);
  const before = { ...found };
  const row = { ...found.row, whenRedisDown: alter(found.row.whenRedisDown) };
  Object.assign(found, { row }, handle === undefined ? {} : { handle });
  return { [Symbol.dispose]: () => Object.assign(found, before) };
}

describe('the suite finds a row that was changed on purpose', () => {
  const findings = new Findings();

  beforeAll(async () => {
    const declared = tableRows();
    const mode = modes.find(({ name }) => name === 'refused');
    if (mode === undefined) throw new Error('there is no mode "refused"');
    using altered = new DisposableStack();
    for (const mutation of mutations) altered.use(mutated(mutation));
    await runMode(mode, declared, findings);
  }, 120_000);

  it.each(mutations)('$what', ({ service, route, said }) => {
    const row = rowName({ service, row: { route, operation: '', whenRedisDown: {} } });
    expect(findings.of(row)?.join('\n')).toMatch(said);
  });

  it('and no other', () => {
    const names = mutations.map(({ service, route }) => `${service} ${route}: `);
    const others = findings.all().filter((one) => !names.some((name) => one.startsWith(name)));
    expect(others).toEqual([]);
    expect(tableRows().map(rowName)).toContain('auth POST /v1/auth/logout');
  });
});
