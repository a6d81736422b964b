import { troubleshootingRows } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ConfigError, flag, integer, list, port, readEnvironment, secret, text } from '../index.ts';
import { commonConfig, commonVariables } from './common-config.ts';

const complaintOf = (variables: Record<string, z.ZodType>, given: NodeJS.ProcessEnv): string => {
  try {
    readEnvironment(variables, given);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('nothing was wrong');
};

describe('readEnvironment', () => {
  it.each([
    [{ RETRIES: integer({ from: 1, to: 9, default: 3 }) }, '10', 'from 1 to 9'],
    [{ RETRIES: integer({ from: 1, to: 9, default: 3 }) }, '-1', 'from 1 to 9'],
    [{ RETRIES: integer({ from: 1, to: 9, default: 3 }) }, '2.5', 'from 1 to 9'],
    [{ SMALL_PORT: port(80) }, '65536', 'from 0 to 65535'],
    [{ SMALL_PORT: port(80) }, '80a', 'from 0 to 65535'],
    [{ ENABLE: flag(true) }, 'yes', 'true or false'],
    [{ LOG_LEVEL: commonVariables.LOG_LEVEL }, 'loud', 'fatal, error, warn, info'],
    [{ NODE_ENV: commonVariables.NODE_ENV }, 'prod', 'development, test or production'],
  ])('says what %o was, and what is allowed', (variables, value, allowed) => {
    const [name = ''] = Object.keys(variables);
    const complaint = complaintOf(variables, { [name]: value });
    expect(complaint).toContain(`${name} is "${value}"; expected `);
    expect(complaint).toContain(allowed);
  });

  it('says when a variable is not set, and counts empty as not set', () => {
    for (const given of [{}, { DATABASE_URL: '' }]) {
      expect(complaintOf({ DATABASE_URL: commonVariables.DATABASE_URL }, given)).toBe(
        'DATABASE_URL is not set; expected a postgresql:// URL.',
      );
    }
    expect(readEnvironment({ RETRIES: port(7) }, { RETRIES: '' })).toEqual({ RETRIES: 7 });
  });

  it('names every wrong variable at once, a line each', () => {
    const variables = { ONE: flag(true), TWO: port(1), THREE: text('a name'), FOUR: list('') };
    const complaint = complaintOf(variables, { ONE: '1', TWO: 'x' });
    expect(complaint.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'ONE',
      'TWO',
      'THREE',
    ]);
  });

  it('in production refuses a secret that is still the example’s, wherever it stands', () => {
    const { DATABASE_URL, NODE_ENV } = commonVariables;
    const variables = { DATABASE_URL, NODE_ENV };
    const given = { DATABASE_URL: 'postgresql://me:replace-me@db/mine' };
    expect(complaintOf(variables, { ...given, NODE_ENV: 'production' })).toBe(
      'DATABASE_URL holds a secret of the example, which is refused; expected your own.',
    );
    expect(readEnvironment(variables, given)['DATABASE_URL']).toBe(given.DATABASE_URL);
  });

  it('in production refuses a host of the examples, and names it without what is beside it', () => {
    const { DATABASE_URL, NODE_ENV } = commonVariables;
    const variables = { DATABASE_URL, NODE_ENV };
    const given = { DATABASE_URL: 'postgresql://me:hunter2@db.example.com/mine' };
    expect(complaintOf(variables, { ...given, NODE_ENV: 'production' })).toMatch(
      /^DATABASE_URL names db\.example\.com, a host of the examples, which is refused; expected /,
    );
    expect(readEnvironment(variables, given)['DATABASE_URL']).toBe(given.DATABASE_URL);
  });

  it('says so in the words of docs/troubleshooting.md', async () => {
    const { DATABASE_URL } = commonVariables;
    const said = ['me:own@db.example.com/mine', 'me:replace-me@db/mine'].map((rest) => {
      const given = { DATABASE_URL: `postgresql://${rest}`, NODE_ENV: 'production' };
      return complaintOf({ DATABASE_URL }, given);
    });
    const rows = await troubleshootingRows('Settings');
    expect(rows.map(([line]) => line)).toEqual(said.map((line) => `\`${line}\``));
  });

  it('never repeats a secret or a URL, which may hold a password', () => {
    const variables = {
      JWT_SECRET: secret(32),
      DATABASE_URL: commonVariables.DATABASE_URL,
      SMTP_PASSWORD: text('a password').max(3, { error: 'a shorter one' }),
      STORAGE_SECRET_KEY: text('a key').max(3, { error: 'a shorter one' }),
    };
    const value = 'mysql://admin:hunter2@db';
    const complaint = complaintOf(variables, {
      JWT_SECRET: value,
      DATABASE_URL: value,
      SMTP_PASSWORD: value,
      STORAGE_SECRET_KEY: value,
    });
    for (const name of Object.keys(variables)) {
      expect(complaint).toContain(`${name} has a value that is not allowed; expected`);
    }
    expect(complaint).not.toContain('hunter2');
  });

  it('repeats a number, whatever its name is about', () => {
    const variables = { ACCESS_TOKEN_SECONDS: integer({ from: 60, to: 3600, default: 900 }) };
    expect(complaintOf(variables, { ACCESS_TOKEN_SECONDS: '7' })).toContain('is "7"');
  });

  it('refuses the secrets that examples show, and short ones', () => {
    const long = 'x'.repeat(32);
    for (const value of [
      `change-me-${long}`,
      `CHANGE_ME ${long}`,
      `example${long}`,
      `replace-this-${long}`,
      'short',
    ]) {
      expect(complaintOf({ JWT_SECRET: secret(32) }, { JWT_SECRET: value })).toContain(
        'at least 32 bytes of your own',
      );
    }
    // Bytes count, not characters.
    const given = { JWT_SECRET: 'é'.repeat(16) };
    expect(readEnvironment({ JWT_SECRET: secret(32) }, given)).toEqual(given);
  });
});

describe('the variables of every service', () => {
  const databaseUrl = 'postgresql://user:password@localhost:5432/db';
  const read = (given: NodeJS.ProcessEnv) =>
    commonConfig(readEnvironment(commonVariables, { DATABASE_URL: databaseUrl, ...given }));

  it('have defaults that suit a developer', () => {
    expect(read({})).toEqual({
      production: false,
      logLevel: 'info',
      databaseUrl,
      trustedProxies: ['loopback', 'linklocal', 'uniquelocal'],
    });
  });

  it('take proxies by address, by range and by the names of ranges', () => {
    const given = { TRUSTED_PROXIES: ' loopback, 10.0.0.0/8 ,2001:db8::/32,192.0.2.1,, ' };
    expect(read(given).trustedProxies).toEqual([
      'loopback',
      '10.0.0.0/8',
      '2001:db8::/32',
      '192.0.2.1',
    ]);
    expect(read({ TRUSTED_PROXIES: ',' }).trustedProxies).toEqual([]);
  });

  it.each([
    'proxy.internal',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    '300.1.1.1',
  ])('refuse %s as a proxy before the service starts', (value) => {
    expect(() => read({ TRUSTED_PROXIES: value })).toThrow(
      `TRUSTED_PROXIES is "${value}"; expected `,
    );
  });

  it.each([
    'postgresql://',
    'postgresql://host:port/db',
    'postgres://h:99999/db',
    'http://host/db',
  ])('refuse %s as the address of the database', (value) => {
    expect(() => read({ DATABASE_URL: value })).toThrow(
      'DATABASE_URL has a value that is not allowed; expected a postgresql:// URL.',
    );
  });
});
