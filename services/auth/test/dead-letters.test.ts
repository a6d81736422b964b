import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { writeMail } from '../src/mail/mail-effect.ts';

const script = join(import.meta.dirname, '../src/commands/dead-letters.ts');
const { database, url, close } = await openMigratedDatabase(['auth', 'chat', 'video']);
afterAll(close);

/** As an operator runs it. */
const run = (...values: string[]) => {
  const env = { ...process.env, DATABASE_URL: url };
  const options = { env, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...values], options);
  return { status, said: stdout + stderr };
};

describe('npm run outbox:dead-letters', () => {
  it('lists dead letters without their recipients, and retries one or all', async () => {
    expect(run('--list').said).toBe('There are no dead letters.\n');
    for (const key of ['one', 'two', 'three']) {
      await writeMail(database, { key, to: 'ada@example.com', subject: key, text: key });
    }
    await database.execute(
      `UPDATE auth.outbox SET state = 'dead', finished_at = now(), tries = 10,
         last_error = 'ESOCKET' WHERE idempotency_key <> 'three'`,
    );
    const { said } = run('--list');
    const ids = [...said.matchAll(/^([0-9a-f-]{36}) {2}mail .* 10 {2}ESOCKET$/gm)].map(
      ([, id = '']) => id,
    );
    expect(ids).toHaveLength(2);
    expect(said).not.toContain('ada@');
    const pending = () =>
      database.query("SELECT 1 FROM auth.outbox WHERE state = 'pending' AND due_at <= now()");
    expect(await pending()).toHaveLength(1);
    const retried = run('--retry', ids[0] ?? '');
    expect(retried).toEqual({ status: 0, said: 'Dead letters that are delivered again: 1.\n' });
    expect(await pending()).toHaveLength(2);
    expect(run('--retry', 'all').said).toBe('Dead letters that are delivered again: 1.\n');
    expect(await pending()).toHaveLength(3);
  });

  it('lists and retries those of video by its name', async () => {
    await database.execute(
      `INSERT INTO video.outbox (effect_id, kind, idempotency_key, payload, state, finished_at, tries,
         last_error, due_at)
       VALUES (gen_random_uuid(), 'sfu_room', 'a room', '{}', 'dead', now(), 28, 'ECONNREFUSED', now())`,
    );
    expect(run('--list').said).toBe('There are no dead letters.\n');
    expect(run('--list', '--service', 'video').said).toMatch(
      / {2}sfu_room .* 28 {2}ECONNREFUSED$/m,
    );
    const retried = run('--retry', 'all', '--service', 'video');
    expect(retried.said).toBe('Dead letters that are delivered again: 1.\n');
  });

  it('names wrong parameters', () => {
    expect(run('--list', '--service', 'chat').said).toContain('"chat" has no outbox');
    expect(run()).toMatchObject({ status: 1, said: expect.stringContaining('Set either --list') });
    expect(run('--lst')).toEqual({ status: 1, said: "Unknown option '--lst'.\n" });
    expect(run('--retry', 'x').said).toContain('"x" is no id');
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(run('--retry', nobody).said).toBe(`There is no dead letter ${nobody}.\n`);
  });
});
