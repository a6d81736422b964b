import { defaultFallback, resolveFallback } from '@secureconnect/degraded-mode';
import { ConfigError } from '@secureconnect/service';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { authRoutes, readAuthConfig } from '../src/index.ts';

const good = {
  DATABASE_URL: 'postgresql://localhost/db',
  REDIS_URL: 'redis://localhost:6379',
  JWT_SECRET: jwtSecret,
  MAIL_DIRECTORY: '/var/mail',
};

const factorSecret = 'p7Lw3nB9yT5rE1qU6iO2aS8dF4gH0jKc';
const production = { NODE_ENV: 'production', MAIL_DIRECTORY: '', SMTP_URL: 'smtp://m' };

describe('the configuration of auth', () => {
  it('needs only the addresses, a secret and a mail transport', () => {
    expect(readAuthConfig(good)).toMatchObject({
      port: 8081,
      accessTokenSeconds: 900,
      sessionLimits: { idleMs: 30 * 86_400_000, absoluteMs: 365 * 86_400_000 },
      signInsPerSecond: 200,
      bcryptCost: 10,
      mail: { kind: 'directory', path: '/var/mail' },
    });
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ DATABASE_URL: '' }, 'DATABASE_URL is not set; expected a postgresql:// URL.'],
    [{ DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL has a value that is not allowed'],
    [{ REDIS_URL: '' }, 'REDIS_URL is not set.'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL'],
    [{ REDIS_SENTINELS: 'a:1' }, 'Set REDIS_URL or REDIS_SENTINELS, not both.'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET has a value that is not allowed'],
    [{ JWT_SECRET: `change-me-${jwtSecret}` }, "the example's value is refused"],
    [{ AUTH_PORT: '65536' }, 'AUTH_PORT is "65536"; expected a whole number from 0 to 65535.'],
    [{ ACCESS_TOKEN_SECONDS: '59' }, 'ACCESS_TOKEN_SECONDS is "59"; expected a whole number'],
    [{ REFRESH_TOKEN_DAYS: '366' }, 'REFRESH_TOKEN_DAYS is "366"; expected a whole number'],
    [{ BCRYPT_COST: '3' }, 'BCRYPT_COST is "3"; expected a whole number from 4 to 15.'],
    [{ ENABLE_STATELESS_AUTH: 'yes' }, 'ENABLE_STATELESS_AUTH is "yes"; expected true or false.'],
    [
      { SIGN_IN_WITHOUT_REDIS: 'open' },
      'SIGN_IN_WITHOUT_REDIS is "open"; expected refuse, stateless, durable.',
    ],
    [
      { SIGN_IN_WITHOUT_REDIS: 'durable', ENABLE_STATELESS_AUTH: 'true' },
      'remove ENABLE_STATELESS_AUTH, which SIGN_IN_WITHOUT_REDIS replaces',
    ],
    [
      { SIGN_IN_WITHOUT_REDIS: 'stateless', ENABLE_STATELESS_AUTH: 'false' },
      'ENABLE_STATELESS_AUTH is false, but SIGN_IN_WITHOUT_REDIS is stateless',
    ],
    [{ SESSION_IDLE_MINUTES: '20' }, 'expected at least 2 times as long'],
    [{ NODE_ENV: 'production' }, 'SMTP_URL is not set'],
    [{ ...production, FACTOR_SECRET: '' }, 'FACTOR_SECRET is not set'],
    [{ ...production, FACTOR_SECRET: jwtSecret }, 'FACTOR_SECRET is the same as JWT_SECRET'],
    [{ FACTOR_SECRET: 'short' }, 'FACTOR_SECRET has a value that is not allowed'],
    [{ ...production, FACTOR_SECRET: `change-me-${jwtSecret}` }, "the example's value is refused"],
    [
      { FACTOR_SECRET: factorSecret, FACTOR_SECRET_PREVIOUS: factorSecret },
      'FACTOR_SECRET and FACTOR_SECRET_PREVIOUS are the same',
    ],
    [{ MAIL_DIRECTORY: '' }, 'SMTP_URL and MAIL_DIRECTORY are not set'],
    [{ SMTP_URL: 'smtp://mail.example.org' }, 'Set SMTP_URL or MAIL_DIRECTORY, not both.'],
    [{ MAIL_DIRECTORY: '', SMTP_URL: 'smtp://' }, 'SMTP_URL has a value that is not allowed'],
    [{ MAIL_DIRECTORY: '', SMTP_URL: 'mail.example.org' }, 'an smtp:// or smtps:// URL'],
    [{ MAIL_FROM: 'SecureConnect' }, 'MAIL_FROM is "SecureConnect"; expected an address'],
    [{ MAIL_FROM: 'no-reply@example.org>' }, 'MAIL_FROM is "no-reply@example.org>"'],
    [{ MAIL_FROM: 'Acme <no-reply>' }, 'an address, such as Acme <no-reply@example.com>'],
    [{ MAIL_FROM: 'a@example.org, b@example.org' }, 'MAIL_FROM is "a@example.org, b@example.org"'],
    [
      { NODE_ENV: 'production', MAIL_DIRECTORY: '', SMTP_URL: 'smtp://m', BCRYPT_COST: '9' },
      'BCRYPT_COST is 9; in production it must be 10 or more.',
    ],
  ])('is refused with %o', (change, complaint) => {
    const read = () => readAuthConfig({ ...good, ...change });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(complaint);
  });

  it.each([
    [{}, 'refuse'],
    [{ ENABLE_STATELESS_AUTH: 'false' }, 'refuse'],
    [{ ENABLE_STATELESS_AUTH: 'true' }, 'stateless'],
    [{ SIGN_IN_WITHOUT_REDIS: 'stateless', ENABLE_STATELESS_AUTH: 'true' }, 'stateless'],
    [{ SIGN_IN_WITHOUT_REDIS: 'durable', ENABLE_STATELESS_AUTH: 'false' }, 'durable'],
    [{ SIGN_IN_WITHOUT_REDIS: 'durable' }, 'durable'],
  ])('with %o chooses sign-in without Redis: %s', (change, chosen) => {
    expect(readAuthConfig({ ...good, ...change }).settings).toEqual({
      SIGN_IN_WITHOUT_REDIS: chosen,
    });
  });

  it('declares the fallback of its default settings first, as the documents show it', () => {
    const { settings } = readAuthConfig(good);
    for (const { policy } of authRoutes) {
      for (const declared of Object.values(policy.whenRedisDown)) {
        expect(defaultFallback(declared)).toBe(resolveFallback(declared, settings));
      }
    }
  });

  it('never repeats the secret that it refuses', () => {
    expect(() => readAuthConfig({ ...good, JWT_SECRET: 'hunter2' })).not.toThrow('hunter2');
  });
});
