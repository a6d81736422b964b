import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ExportManifest } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import {
  call,
  eventually,
  preparedExport,
  programSkipReason,
  type SampleUser,
  textField,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld } from './conformance/world.ts';
import { exportedTables, leftOut } from './support/exported-tables.ts';
import { fileText, type LivedPlaces, liveIn, otherText } from './support/lived-account.ts';
import { type Stack, startStack } from './support/stack.ts';
import { openTestDatabase } from './support/test-database.ts';

const run = promisify(execFile);

/** The lists of a JSON file. */
type Lists = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const withoutUnzip = programSkipReason(['unzip']);

describe.skipIf(withoutUnzip !== '')(`an export${withoutUnzip}`, () => {
  let stack: Stack;
  let database: Database;
  let directory: string;
  let ada: SampleUser;
  let places: LivedPlaces;
  /** The extracted archive of Ada. */
  let folder: string;
  beforeAll(async () => {
    stack = await startStack();
    database = openTestDatabase(stack.databaseUrl);
    directory = await mkdtemp(join(tmpdir(), 'export-'));
    const { user } = createWorld(stack);
    const [bob, cleo] = [await user(), await user()];
    ada = await user();
    places = await liveIn(stack, { ada, bob, cleo });
    // With a grace period, which this stack has not.
    await database.execute(
      `INSERT INTO auth.account_deletions (user_id, due_at) VALUES ($1, now() + interval '1 day')`,
      [ada.userId],
    );
    folder = await extracted(ada);
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
    await database.close();
    await stack[Symbol.asyncDispose]();
  });

  async function newLink(token: string): Promise<string> {
    const reply = await call(stack.urls.gateway, 'POST', '/v1/users/me/export/link', { token });
    expect(reply.status, reply.text).toBe(200);
    return textField(reply.body.data ?? {}, 'download_path');
  }

  /** Downloads an archive, tests it with unzip, and extracts it; returns the folder. */
  async function extracted(user: SampleUser): Promise<string> {
    await preparedExport(createWorld(stack), user);
    const response = await fetch(`${stack.urls.gateway}${await newLink(user.token)}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const path = join(directory, `${user.username}.zip`);
    await writeFile(path, Buffer.from(await response.arrayBuffer()));
    await run('unzip', ['-t', path]);
    await run('unzip', ['-q', path, '-d', join(directory, user.username)]);
    return join(directory, user.username);
  }

  async function textsOf(folder: string) {
    const read = async (name: string): Promise<Lists> =>
      JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
    return {
      account: await read('account'),
      chat: await read('chat'),
      storage: await read('storage'),
      video: await read('video'),
    };
  }

  it('has what a person has in every service, and a manifest that is right', async () => {
    const { account, chat, storage, video } = await textsOf(folder);
    const { userId: user_id, email, username } = ada;
    expect(account['profile']).toMatchObject([{ user_id, email, username }]);
    expect(account['linked_identities']).toMatchObject([{ provider: 'acme' }]);
    expect(account['friends']).toHaveLength(1);
    expect(account['blocked_users']).toHaveLength(1);
    expect(account['device_keys']).toHaveLength(1);
    expect(account['one_time_pre_keys']?.map(({ key_id }) => key_id)).toEqual([2, 3]);
    expect(account['email_changes']).toMatchObject([{ new_email: `new.${email}` }]);
    const actions = account['audit_log']?.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['registered', 'data_export_requested']));
    const inConversation = (id: string) => expect.objectContaining({ conversation_id: id });
    expect(chat['conversations']).toHaveLength(2);
    expect(chat['conversations_left']).toEqual([{ conversation_id: places.left }]);
    expect(chat['messages']?.map(({ content }) => content).toSorted()).toEqual([
      ...Array(3).fill(`by ${username}`),
      ...Array(2).fill('my file'),
    ]);
    for (const id of [places.direct, places.group, places.left]) {
      expect(chat['messages']).toContainEqual(inConversation(id));
      expect(chat['reactions']).toContainEqual(inConversation(id));
    }
    expect(chat['pins']).toHaveLength(2);
    expect(video['calls']).toMatchObject([{ conversation_id: places.direct, host_id: user_id }]);
    expect(video['call_quality']).toMatchObject([{ sequence: 1, summary: { state: 'connected' } }]);
    expect(storage['files']?.map(({ status }) => status)).toEqual(['uploaded', 'pending']);
    expect(storage['shares']).toMatchObject([{ conversation_id: places.group, shared: true }]);
    const file = join(folder, 'files', places.fileId, `${username}.txt`);
    expect(await readFile(file, 'utf8')).toBe(fileText);

    const manifest = ExportManifest.parse(
      JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')),
    );
    expect(manifest).toMatchObject({ user_id, missing_files: [] });
    expect(manifest.entries.map(({ path }) => path)).toEqual([
      ...['account.json', 'chat.json', 'storage.json', 'video.json'],
      `files/${places.fileId}/${username}.txt`,
    ]);
    for (const { path, size, sha256, lists } of manifest.entries) {
      const bytes = await readFile(join(folder, path));
      expect(bytes.length, path).toBe(size);
      expect(createHash('sha256').update(bytes).digest('hex'), path).toBe(sha256);
      if (lists === undefined) continue;
      const texts: Lists = JSON.parse(bytes.toString());
      const lengths = Object.entries(texts).map(([name, list]) => [name, list.length]);
      expect(Object.fromEntries(lengths), path).toEqual(lists);
    }
  });

  it('has no secret, no hash of one, and nothing that others said', async () => {
    const text = JSON.stringify(await textsOf(folder));
    expect(text).not.toContain(otherText);
    const secrets = await database.query<{ secret: string }>(
      `SELECT password_hash AS secret FROM auth.users WHERE user_id = $1
     UNION ALL SELECT encode(token_hash, 'base64') FROM auth.refresh_tokens
     UNION ALL SELECT encode(token_hash, 'base64') FROM auth.password_resets
     UNION ALL SELECT encode(token_hash, 'base64') FROM auth.email_verifications
     UNION ALL SELECT encode(code_hash, 'base64') FROM auth.email_verifications
     UNION ALL SELECT encode(token_hash, 'base64') FROM auth.export_links
       UNION ALL SELECT encode(code_hash, 'base64') FROM auth.recovery_codes
       UNION ALL SELECT encode(encrypted_secret, 'base64') FROM auth.totp_factors`,
      [ada.userId],
    );
    expect(secrets.length).toBeGreaterThan(5);
    for (const { secret } of secrets) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret, 'base64').toString('hex'));
    }
  });

  it('leaves out no table and no column that is not named', async () => {
    const texts = await textsOf(folder);
    const rows = await database.query<{ name: string; column_name: string }>(
      `SELECT table_schema || '.' || table_name AS name, column_name FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_type = 'BASE TABLE' AND table_schema IN ('auth', 'chat', 'gateway', 'storage', 'video')
       AND table_name <> 'migrations'`,
    );
    const forgotten: string[] = [];
    for (const [table, columns] of Map.groupBy(rows, ({ name }) => name)) {
      if (leftOut[table] !== undefined) continue;
      const place = exportedTables[table];
      const entries = (place && texts[place.part][place.list]) ?? [];
      if (place === undefined || entries.length === 0) {
        forgotten.push(table);
        continue;
      }
      const known = new Set([...entries.flatMap(Object.keys), ...Object.keys(place.leftOut ?? {})]);
      const missing = columns.filter(({ column_name }) => !known.has(column_name));
      forgotten.push(...missing.map(({ column_name }) => `${table}.${column_name}`));
    }
    expect(forgotten).toEqual([]);
  });

  it('waits for a service that cannot write its part, and is never ready without it', async () => {
    const { user } = createWorld(stack);
    const { token } = await user();
    await database.execute(
      `CREATE FUNCTION public.refuse_video() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN IF NEW.part = 'video' THEN RAISE EXCEPTION 'video is down'; END IF; RETURN NEW; END $$`,
    );
    await database.execute(
      `CREATE TRIGGER refuse BEFORE INSERT ON auth.export_chunks
     FOR EACH ROW EXECUTE FUNCTION public.refuse_video()`,
    );
    const path = '/v1/users/me/export';
    await call(stack.urls.gateway, 'POST', path, { token });
    const written = async (): Promise<number> => {
      const found = await database.query(
        `SELECT 1 FROM auth.data_exports JOIN auth.export_parts USING (export_id)
       WHERE written_at IS NOT NULL AND ready_at IS NULL`,
      );
      return found.length;
    };
    await eventually(async () => expect(await written()).toBe(3), { timeoutMs: 15_000 });
    const state = async () =>
      (await call(stack.urls.gateway, 'GET', path, { token })).body.data?.['state'];
    expect(await state()).toBe('preparing');
    const refused = await call(stack.urls.gateway, 'POST', `${path}/link`, { token });
    expect(refused.status).toBe(409);
    await database.execute('DROP TRIGGER refuse ON auth.export_chunks');
    // As after the time of the failed attempt's lease.
    await database.execute(
      `UPDATE auth.export_parts SET leased_until = now() WHERE written_at IS NULL`,
    );
    // Asked of SQL: the route has a limit per minute.
    await eventually(async () => expect(await written()).toBe(0), { timeoutMs: 15_000 });
    expect(await state()).toBe('ready');
  });

  it('goes on while Redis is down', async () => {
    const { user } = createWorld(stack);
    const grace = await user();
    stack.redis.freeze();
    try {
      const { account } = await textsOf(await extracted(grace));
      expect(account['profile']).toMatchObject([{ email: grace.email }]);
    } finally {
      stack.redis.thaw();
    }
  });
});
