import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import { secretsCheck } from './secrets.ts';

const good = 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn';
const look = (environment: NodeJS.ProcessEnv) =>
  secretsCheck.run(openDeployment(environment, undefined));

describe('the check of secrets', () => {
  it('is content with random ones', async () => {
    const own = { JWT_SECRET: good, FACTOR_SECRET: `${good}2`, REDIS_PASSWORD: 'x7Kq' };
    expect(await look(own)).toMatchObject({ status: 'ok', found: '3 secrets, each of its own' });
  });

  it.each([
    [
      'of the example',
      { JWT_SECRET: 'change-me-to-the-output-of-openssl' },
      'the value of an example',
    ],
    ['with the word example', { TURN_SECRET: `example-${good}` }, 'the value of an example'],
    ['of an installation', { S3_SECRET_KEY: 'minioadmin' }, 'a well-known password'],
    ['in a URL', { DATABASE_URL: 'postgres://postgres:postgres@db/x' }, 'a well-known password'],
    ['too short', { SIGNALS_TOKEN: 'x7Kq9Lm2' }, 'has 8 bytes'],
    ['of few characters', { JWT_SECRET: 'ab'.repeat(20) }, 'repeats a few characters'],
    [
      'used twice',
      { JWT_SECRET: good, TURN_SECRET: good },
      'JWT_SECRET and TURN_SECRET are the same',
    ],
  ])('finds one %s', async (_what, environment, found) => {
    const outcome = await look(environment);
    expect(outcome).toMatchObject({ status: 'fail', found: expect.stringContaining(found) });
  });

  it('finds every secret of the published example that is left as it was', async () => {
    const file = join(import.meta.dirname, '../../../../../.env.production.example');
    const example = parseEnv(readFileSync(file, 'utf8'));
    const placeholders = Object.entries(example).filter(([, value]) =>
      /change-me|replace-me/.test(value ?? ''),
    );
    expect(placeholders.length).toBeGreaterThan(5);
    const outcome = await look(example);
    for (const [name] of placeholders) {
      expect(outcome).toMatchObject({ status: 'fail', found: expect.stringContaining(name) });
    }
    const own = placeholders.map(([name]) => [name, `${good}-${name}`]);
    const database = { DATABASE_URL: 'postgresql://chat:x7Kq9Lm2@postgres/chat' };
    const filled = { ...example, ...Object.fromEntries(own), ...database };
    expect(await look(filled)).toMatchObject({ status: 'ok' });
  });
});
