import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { sampleSecrets } from './sample-secrets.ts';

const script = join(import.meta.dirname, '../../deploy/kubernetes/make-secrets.sh');
const given: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://me:p"a\\ss$(id)@db.internal/mine',
  SMTP_URL: 'smtps://me:own@mail.internal',
  CASSANDRA_USERNAME: 'secureconnect',
  CASSANDRA_PASSWORD: 'pass=word= ',
  S3_ACCESS_KEY: 'access',
  S3_SECRET_KEY: 'hidden/key',
};

/** kubectl, as far as the script uses it: `present` has what is there, `written` what it is given. */
const fakeKubectl = `#!/bin/sh
cd "\${0%/*}"
echo "$*" >>calls
case "$*" in
  *'get namespace'*) [ -e present ] || { echo 'namespaces "secureconnect" not found' >&2; exit 1; } ;;
  *'get secret'*) cat present ;;
  'create -f -') cat >>written ;;
  *' patch secret '*) cat /dev/stdin >patch ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secureconnect-secrets-'));
  await writeFile(join(folder, 'kubectl'), fakeKubectl);
  await chmod(join(folder, 'kubectl'), 0o755);
  await writeFile(join(folder, 'present'), '');
});
afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  /** Standard output and error. */
  readonly output: string;
}

/** The fake kubectl comes first in PATH. */
function environmentWith(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: `${folder}:${process.env['PATH']}`, ...given };
}

/** Runs the script without a terminal. */
async function ended(words: readonly string[], given: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(script, words, { env: environmentWith(given) });
  child.stdin.end();
  const both = Promise.all([text(child.stdout), text(child.stderr)]);
  const [[out, error], [code]] = await Promise.all([both, once(child, 'close')]);
  return { code, output: out + error };
}

/** The Secrets that kubectl was given, decoded. */
async function created(): Promise<Record<string, Record<string, string>>> {
  const documents = parseAllDocuments(await readFile(join(folder, 'written'), 'utf8'));
  const secrets = documents.map((document) => document.toJS()).filter((secret) => secret !== null);
  return Object.fromEntries(secrets.map(({ metadata, data }) => [metadata.name, decoded(data)]));
}

function decoded(data: Record<string, string>): Record<string, string> {
  const entries = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

describe('make-secrets.sh', () => {
  it('creates both Secrets with every key that is required, from a file and the environment', async () => {
    const { DATABASE_URL = '', ...rest } = given;
    const lines = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
    const file = join(folder, 'values');
    await writeFile(
      file,
      ['# ours', '', ...lines, 'DATABASE_URL=postgresql://other/'].join('\r\n'),
    );
    const { code, output } = await ended(['--from', file], { DATABASE_URL });
    expect(output).toBe('');
    expect(code).toBe(0);
    const { secureconnect = {}, redis = {} } = await created();
    expect(secureconnect).toMatchObject(given);
    const keys = [
      ...Object.keys(secureconnect).map((key) => `secureconnect/${key}`),
      ...Object.keys(redis).map((key) => `redis/${key}`),
    ];
    expect(keys.sort()).toEqual(Object.keys(sampleSecrets).sort());
    const { JWT_SECRET, FACTOR_SECRET, SIGNALS_TOKEN, TURN_SECRET } = secureconnect;
    const generated = [JWT_SECRET, FACTOR_SECRET, SIGNALS_TOKEN, TURN_SECRET, redis['password']];
    expect(new Set(generated).size).toBe(5);
    for (const secret of generated) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    // Nothing secret was an argument.
    const calls = await readFile(join(folder, 'calls'), 'utf8');
    for (const value of Object.values(secureconnect)) {
      if (value !== 'secureconnect') expect(calls).not.toContain(value);
    }
  });

  it('asks on a terminal, and shows no answer', async () => {
    const { S3_SECRET_KEY: answer = '', ...rest } = given;
    const words = ['--quiet', '--return', '--command', script, '/dev/null'];
    const child = spawn('script', words, { env: environmentWith(rest) });
    let shown = '';
    for await (const part of child.stdout.setEncoding('utf8')) {
      // The answer comes after the question, as a person's would.
      if (!shown.includes('S3_SECRET_KEY: ') && `${shown}${part}`.includes('S3_SECRET_KEY: ')) {
        child.stdin.end(`${answer}\n`);
      }
      shown += part;
    }
    expect(shown).toContain('S3_SECRET_KEY: ');
    expect(shown).not.toContain(answer);
    expect((await created())['secureconnect']).toMatchObject(given);
  });

  it('creates nothing where it cannot ask, or where a value is wrong', async () => {
    const { SMTP_URL: _, ...incomplete } = given;
    for (const [environment, complaint] of [
      [incomplete, 'SMTP_URL is not set, and there is no terminal to ask.'],
      [{ ...given, DATABASE_URL: 'mysql://hunter2' }, 'expected a postgresql:// URL'],
      [{ ...given, REDIS_PASSWORD: 'hunter2hunter2hunter2@' }, 'expected letters, digits and'],
      [{ ...given, REDIS_PASSWORD: 'hunter2' }, 'expected 16 characters or more'],
    ] as const) {
      const { code, output } = await ended([], environment);
      expect(output).toContain(complaint);
      expect(output).not.toContain('hunter2');
      expect(code).toBe(1);
    }
    await expect(created()).rejects.toThrow('ENOENT');
  });

  it('refuses a file with a name that is none of a secret, and does not repeat the line', async () => {
    const file = join(folder, 'values');
    for (const line of ['JWT_SECRT=hunter2', 'hunter2', 'export JWT_SECRET=hunter2']) {
      await writeFile(file, `${line}\n`);
      const { code, output } = await ended(['--from', file], given);
      expect(output).toContain('has a line that is not NAME=value');
      expect(output).not.toContain('hunter2');
      expect(code).toBe(1);
    }
  });

  it('refuses a value in quotes, which would be part of the secret', async () => {
    const file = join(folder, 'values');
    for (const value of ['"hunter2"', "'hunter2'"]) {
      await writeFile(file, `S3_SECRET_KEY=${value}\n`);
      const { code, output } = await ended(['--from', file], given);
      expect(output).toContain('has S3_SECRET_KEY in quotes');
      expect(output).not.toContain('hunter2');
      expect(code).toBe(1);
    }
  });

  it('leaves Secrets that exist as they are, also with values given', async () => {
    await writeFile(join(folder, 'present'), 'secureconnect JWT_SECRET\nredis password\n');
    const { code, output } = await ended([], given);
    expect(output).toBe(
      'Secret secureconnect exists and was not changed.\nSecret redis exists and was not changed.\n',
    );
    expect(code).toBe(0);
    await expect(created()).rejects.toThrow('ENOENT');
  });

  it('with --replace replaces what is given, adds what is missing, and keeps the rest', async () => {
    const kept = ['JWT_SECRET', 'FACTOR_SECRET', 'SIGNALS_TOKEN', ...Object.keys(given)];
    const present = [...kept.map((key) => `secureconnect ${key}`), 'redis password', ''];
    await writeFile(join(folder, 'present'), present.join('\n'));
    const smtp = { SMTP_URL: 'smtp://other.internal' };
    const { output } = await ended(['--replace'], smtp);
    expect(output).toBe('Secret redis exists and was not changed.\n');
    const { data } = parse(await readFile(join(folder, 'patch'), 'utf8'));
    expect(decoded(data)).toEqual({
      ...smtp,
      TURN_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('with --dry-run says what it would do by names and keys, and does nothing', async () => {
    await writeFile(join(folder, 'present'), 'redis password\n');
    const { DATABASE_URL = '' } = given;
    const { code, output } = await ended(['--dry-run'], { DATABASE_URL });
    expect(code).toBe(0);
    const lines = output.trimEnd().split('\n');
    expect(lines).toContain('secureconnect DATABASE_URL: given');
    expect(lines).toContain('secureconnect JWT_SECRET: generate');
    expect(lines).toContain('secureconnect SMTP_URL: ask');
    expect(lines).toContain('redis password: keep');
    expect(lines).toHaveLength(Object.keys(sampleSecrets).length);
    await expect(created()).rejects.toThrow('ENOENT');
  });

  it('knows every key of the Secrets that the README lists', async () => {
    const readme = await readFile(join(script, '../README.md'), 'utf8');
    const keys = [...readme.matchAll(/^\| `(secureconnect|redis)` \| `(\w+)` \|/gm)];
    const names = keys.map(([, , key = '']) => (key === 'password' ? 'REDIS_PASSWORD' : key));
    const all = Object.fromEntries(names.map((name) => [name, 'x']));
    const { output } = await ended(['--dry-run'], all);
    const expected = keys.map(([, secret, key]) => `${secret} ${key}: given`);
    expect(output.trimEnd().split('\n').sort()).toEqual(expected.sort());
  });

  it('says how to create a namespace that is missing', async () => {
    await rm(join(folder, 'present'));
    const { code, output } = await ended([], given);
    expect(output).toContain(
      'The namespace secureconnect cannot be read. Create it: kubectl apply',
    );
    expect(code).toBe(1);
  });
});
