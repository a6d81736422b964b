import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { environmentFile } from './environment-file.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const composeFiles = globSync('docker-compose*.yml', { cwd: root });
const used = composeFiles.flatMap((file) => [
  ...read(file).matchAll(/(?<!\$)\$\{([A-Z][A-Z0-9_]*)(:[?-])?/g),
]);
const required = new Set(
  used.filter(([, , how]) => how === ':?').flatMap(([, name]) => name ?? []),
);

describe('the environment of docker-compose.yml', () => {
  it('is written with everything that it requires, and secrets that are long and fresh', () => {
    const [one, other] = [parseEnv(environmentFile()), parseEnv(environmentFile())];
    expect(required.size).toBeGreaterThan(7);
    for (const name of required) {
      expect(one[name], name).toBeTruthy();
      if (name === 'SMTP_URL') continue;
      expect(one[name]).toMatch(/^[0-9a-f]{64}$/);
      expect(one[name]).not.toBe(other[name]);
    }
  });

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
