import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const composeFiles = globSync('docker-compose*.yml', { cwd: root });
const used = composeFiles.flatMap((file) => [
  ...read(file).matchAll(/(?<!\$)\$\{([A-Z][A-Z0-9_]*)(:[?-])?/g),
]);
const required = new Set(
  used.filter(([, , how]) => how === ':?').flatMap(([, name]) => name ?? []),
);
const scripts = ['deploy/compose-env.sh', 'deploy/compose-env.awk'];

/** A folder with what the script reads. Node.js is not on the script's PATH. */
function useFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'compose-env-'));
  for (const file of [...composeFiles, ...scripts, '.env.production.example']) {
    cpSync(join(root, file), join(folder, file));
  }
  const file = join(folder, '.env');
  const script = join(folder, 'deploy/compose-env.sh');
  const options = { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } } as const;
  return {
    file,
    /** Runs the script, and returns the text of `.env`. */
    write(): string {
      execFileSync(script, options);
      return readFileSync(file, 'utf8');
    },
    check() {
      const { status, stdout, stderr } = spawnSync(script, ['--check'], options);
      return { status, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

const mode = (file: string): number => statSync(file).mode & 0o777;
const setMailServer = (text: string): string =>
  text.replace(/^SMTP_URL=.*$/m, 'SMTP_URL=smtp://mail.acme-chat.org:587');

describe('deploy/compose-env.sh', () => {
  it('writes everything that is required, for this user alone, with long and fresh secrets', () => {
    using first = useFolder();
    using second = useFolder();
    const [one, other] = [parseEnv(first.write()), parseEnv(second.write())];
    expect(mode(first.file)).toBe(0o600);
    expect(one['COMPOSE_PROJECT_NAME']).toBe('secureconnect');
    expect(one['COMPOSE_PROFILES']).toBe('monitoring,exporters,grafana');
    expect(required.size).toBeGreaterThan(7);
    for (const name of required) {
      expect(one[name], name).toBeTruthy();
      if (name === 'SMTP_URL') continue;
      expect(one[name]).toMatch(/^[0-9a-f]{64}$/);
      expect(one[name]).not.toBe(other[name]);
    }
  });

  it('changes no value, and adds what is missing below the rest', () => {
    using folder = useFolder();
    const before =
      'COMPOSE_PROJECT_NAME=older\nJWT_SECRET=mine\nREDIS_PASSWORD=\nSMTP_URL=smtp://mail:25';
    writeFileSync(folder.file, before, { mode: 0o644 });
    const after = folder.write();
    expect(after.startsWith(`${before}\n`)).toBe(true);
    expect(mode(folder.file)).toBe(0o600);
    const { REDIS_PASSWORD: added, ...rest } = parseEnv(after);
    expect(added).toMatch(/^[0-9a-f]{64}$/);
    expect(rest).toMatchObject({ COMPOSE_PROJECT_NAME: 'older', JWT_SECRET: 'mine' });
    expect(after.match(/^JWT_SECRET|^COMPOSE_PROJECT_NAME|^SMTP_URL/gm)).toHaveLength(3);
    expect(folder.write()).toBe(after);
  });

  it('--check asks for a mail server in a new file, and for nothing more', () => {
    using folder = useFolder();
    const text = folder.write();
    const mail =
      'SMTP_URL is on localhost, which is the container itself. Set it to your mail server.';
    expect(folder.check()).toEqual({ status: 1, lines: [mail] });
    writeFileSync(folder.file, setMailServer(text));
    const passed = '.env: every required variable is set, and every name is known.';
    expect(folder.check()).toEqual({ status: 0, lines: [passed] });
  });

  it.each([
    ['LOG_LEVL=info', 'LOG_LEVL in line N is unknown. Did you mean LOG_LEVEL?'],
    ['COMPOSE_PROFILE=ha', 'COMPOSE_PROFILE in line N is unknown. Did you mean COMPOSE_PROFILES?'],
    ['FAVOURITE_COLOUR=red', 'FAVOURITE_COLOUR in line N is unknown. Remove it.'],
    [
      'DATABASE_URL=postgresql://db',
      'DATABASE_URL in line N has no effect: docker-compose.yml does not read it. Remove it.',
    ],
    [
      'COMPOSE_PROFILES=scal,ha',
      'COMPOSE_PROFILES names an unknown profile, scal. Did you mean scale?',
    ],
    [
      'export MAIL_FROM="Acme <no-reply@example.com>" # ours',
      'MAIL_FROM still has the value of an example. Set your own.',
    ],
    ['LOG_LEVEL info', 'Line N is not NAME=value. Comments begin with #.'],
    [
      'COMPOSE_PROJECT_NAME=mine',
      'COMPOSE_PROJECT_NAME is set in lines 3 and N; Compose takes the last. Remove one.',
    ],
  ])('--check finds %s', (line, fault) => {
    using folder = useFolder();
    // Its profiles left out, because a row has its own.
    const text = setMailServer(folder.write()).replace(/^COMPOSE_PROFILES=.*\n/m, '');
    writeFileSync(folder.file, `${text}${line}\n`);
    const number = String(text.split('\n').length);
    expect(folder.check()).toEqual({ status: 1, lines: [fault.replace(/\bN\b/, number)] });
  });

  it('--check finds a missing variable, an example secret, and a file that others can read', () => {
    using folder = useFolder();
    const text = setMailServer(folder.write())
      .replace(/^JWT_SECRET=.*\n/m, '')
      .replace(/^(TURN_SECRET)=.*$/m, '$1=change-me-to-the-output-of-openssl-rand-hex-32');
    writeFileSync(folder.file, text);
    chmodSync(folder.file, 0o644);
    expect(folder.check()).toEqual({
      status: 1,
      lines: [
        'JWT_SECRET is not set. Run deploy/compose-env.sh, or see .env.production.example.',
        'TURN_SECRET still has the value of an example. Set your own.',
        '.env can be read by other users. Run chmod 600 .env.',
      ],
    });
  });
});

describe('the environment of docker-compose.yml', () => {
  it('is named first by what Compose prints where it is missing', () => {
    const messages = composeFiles.flatMap((file) => [
      ...read(file).matchAll(/\$\{([A-Z][A-Z0-9_]*):?\?([^}]*)\}/g),
    ]);
    expect(messages.length).toBeGreaterThanOrEqual(required.size);
    for (const [, name, message] of messages) {
      expect(message).toMatch(new RegExp(`^${name} is not set\\. [A-Z]`));
    }
  });

  it('is explained in the production example, every variable of it', () => {
    const example = read('.env.production.example');
    const unexplained = used
      .flatMap(([, name]) => name ?? [])
      .filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example));
    expect([...new Set(unexplained)]).toEqual([]);
  });

  it('has no secret in the production example that would be taken', () => {
    const example = parseEnv(read('.env.production.example'));
    for (const name of required) {
      if (name === 'SMTP_URL') continue;
      expect(example[name] ?? '', name).toMatch(/^$|change-me/);
    }
  });

  it('never falls back to a secret of its own', () => {
    const defaults = composeFiles.flatMap((file) => [
      ...read(file).matchAll(/\$\{([A-Z_]*(?:PASSWORD|SECRET|TOKEN|SECRET_KEY))(:-[^}]*|)\}/g),
    ]);
    // Without SIGNING_KEYS_SECRET there are no keys to encrypt; STORAGE_URL_SECRET is derived from
    // JWT_SECRET; without PUSH_SECRET no push can be set up; SFU_API_SECRET is that of a LiveKit server
    // elsewhere. Each is empty by default.
    const found = defaults.map(([, name, otherwise]) => `${name}${otherwise}`);
    expect(found).toEqual([
      'SIGNING_KEYS_SECRET:-',
      'PUSH_SECRET:-',
      'SFU_API_SECRET:-',
      'STORAGE_URL_SECRET:-',
    ]);
  });
});
