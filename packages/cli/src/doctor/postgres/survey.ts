import pg from 'pg';
import { CannotLook } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';
import { askDatabase } from './ask-database.ts';

/** Everything that the checks of PostgreSQL look at. A text stands for an answer that was refused. */
export interface DatabaseSurvey {
  /** Why it does not answer; undefined if it does. */
  readonly reason: string | undefined;
  readonly version: string;
  readonly isCockroach: boolean;
  /** Settings of pg_settings by name; those that the server does not have are missing. */
  readonly settings: ReadonlyMap<string, string>;
  readonly isInRecovery: boolean;
  /** Why no SERIALIZABLE transaction begins; undefined if one does. */
  readonly serializableReason: string | undefined;
  /** Its clock minus the one here, in milliseconds. */
  readonly clockAheadMs: number;
  /** The migrations that have run, by schema; undefined if a schema has no table of them. */
  readonly migrations: ReadonlyMap<string, readonly string[] | undefined>;
  readonly signingKeys: readonly SigningKey[] | string;
}

/** A key that signs tokens. Ages by the clock of the database. */
export interface SigningKey {
  readonly keyId: string;
  /** Negative if it does not sign yet. */
  readonly signsSinceSeconds: number;
  /** Whether a following key has ended it. */
  readonly isEnded: boolean;
}

/** The services that have a schema of their own. */
const schemas = ['auth', 'chat', 'gateway', 'storage', 'video'] as const;

const asked = [
  'fsync',
  'full_page_writes',
  'synchronous_commit',
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'default_transaction_read_only',
];

/** Asks the database, in read-only transactions. Throws CannotLook if DATABASE_URL is not set. */
export async function surveyDatabase(settings: Settings): Promise<DatabaseSurvey> {
  const url = settings.get('DATABASE_URL');
  if (url === undefined) throw new CannotLook('DATABASE_URL is not set');
  try {
    return await askDatabase(url, async (client) => ({
      reason: undefined,
      ...(await server(client)),
      settings: await settingsOf(client),
      serializableReason: await serializable(client),
      migrations: await migrationsOf(client),
      signingKeys: await signingKeysOf(client),
    }));
  } catch (error) {
    return { ...unknown, reason: reasonOf(error) };
  }
}

const unknown: DatabaseSurvey = {
  reason: undefined,
  version: '',
  isCockroach: false,
  settings: new Map(),
  isInRecovery: false,
  serializableReason: undefined,
  clockAheadMs: 0,
  migrations: new Map(),
  signingKeys: [],
};

async function server(client: pg.Client) {
  const before = Date.now();
  const { rows } = await client.query<{ version: string; recovering: boolean; at: string }>(
    'SELECT version(), pg_is_in_recovery() AS recovering, ' +
      'extract(epoch FROM clock_timestamp())::text AS at',
  );
  const middle = (before + Date.now()) / 2;
  const [row] = rows;
  const version = row?.version ?? '';
  return {
    version: version.split(/ on |,/)[0] ?? '',
    isCockroach: version.includes('CockroachDB'),
    isInRecovery: row?.recovering ?? false,
    clockAheadMs: Number(row?.at) * 1000 - middle,
  };
}

async function settingsOf(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
    [asked],
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

/** As the services begin theirs; it writes nothing. */
async function serializable(client: pg.Client): Promise<string | undefined> {
  try {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE');
    const { rows } = await client.query<{ level: string }>(
      "SELECT current_setting('transaction_isolation') AS level",
    );
    const level = rows[0]?.level;
    return level === 'serializable' ? undefined : `it has isolation ${level}`;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await client.query('ROLLBACK');
  }
}

async function migrationsOf(client: pg.Client): Promise<DatabaseSurvey['migrations']> {
  const found = new Map<string, readonly string[] | undefined>();
  for (const schema of schemas) {
    found.set(schema, await namesIn(client, `${pg.escapeIdentifier(schema)}.migrations`));
  }
  return found;
}

async function namesIn(client: pg.Client, table: string): Promise<readonly string[] | undefined> {
  const { rows: there } = await client.query<{ found: string | null }>(
    'SELECT to_regclass($1)::text AS found',
    [table],
  );
  if (there[0]?.found === null) return undefined;
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM ${table} ORDER BY run_on, id`,
  );
  return rows.map(({ name }) => name);
}

async function signingKeysOf(client: pg.Client): Promise<readonly SigningKey[] | string> {
  try {
    const { rows } = await client.query<{ kid: string; since: number; ended: boolean }>(
      'SELECT kid, extract(epoch FROM now() - signs_from)::float8 AS since, ' +
        'verifies_until IS NOT NULL AS ended FROM auth.signing_keys ORDER BY signs_from DESC LIMIT 100',
    );
    return rows.map(({ kid, since, ended }) => ({
      ...{ keyId: kid, signsSinceSeconds: since, isEnded: ended },
    }));
  } catch (error) {
    return reasonOf(error);
  }
}
