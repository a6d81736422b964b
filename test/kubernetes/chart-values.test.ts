import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chart, chartFile, helm, helmSkipReason, rendered } from './helm.ts';

const enough = {
  redis: { url: 'redis://redis.internal:6379' },
  s3: { endpoint: 'https://s3.internal', publicEndpoint: 'https://files.internal' },
  mail: { from: 'SecureConnect <no-reply@mail.internal>' },
};

describe.skipIf(helmSkipReason !== '')(`values of the Helm chart${helmSkipReason}`, () => {
  it('pass the strict linter of Helm', async () => {
    expect(await helm('lint', '--strict', chart)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it.each([
    ['an unknown setting', { settings: { LOG_LEVL: 'info' } }, "'LOG_LEVL' not allowed"],
    ['a secret among the settings', { settings: { JWT_SECRET: 'x' } }, "'JWT_SECRET' not allowed"],
    ['a port of the objects', { settings: { CHAT_PORT: 1 } }, "'CHAT_PORT' not allowed"],
    ['a setting that has a value', { settings: { REDIS_URL: '' } }, "'REDIS_URL' not allowed"],
    ['a list as a setting', { settings: { CORS_ORIGINS: [] } }, 'got array, want'],
    ['an unknown value', { gatewy: {} }, "'gatewy' not allowed"],
    ['a value of a wrong type', { auth: { replicas: 'two' } }, 'got string, want integer'],
    ['a Redis node without a port', { redis: { cluster: ['redis'] } }, 'does not match pattern'],
    [
      'two ways to Redis',
      { redis: { url: 'redis://a:6379', sentinels: ['b:26379'] } },
      'redis: more than one of url, sentinels and cluster is set; set exactly one of them.',
    ],
    [
      'a database without a password',
      { postgresql: { host: 'db.internal' } },
      'postgresql.existingSecret.name is not set; expected the Secret with the password',
    ],
    [
      'an Ingress without a host and a certificate',
      { ingress: { enabled: true } },
      /ingress\.host is not set.*ingress\.tls\.secretName is not set/s,
    ],
  ])('are refused with %s', async (_, values, message) => {
    await expect(rendered({ ...enough, ...values })).rejects.toThrow(message);
  });

  it('make rules of the namespace that the release is in', async () => {
    const values = { ...enough, monitoring: { enabled: true } };
    const text = await rendered(values, 'team-a');
    expect(text.match(/absent\(up\{namespace="team-a",/g)).toHaveLength(5);
    expect(text).not.toContain('namespace="secureconnect"');
  });

  it('are complete in the example of the README, and in that with Redis in the cluster', async () => {
    const readme = readFileSync(chartFile('README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)].map(
      ([, indent, text = '']) => parse(text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')),
    );
    expect(blocks).toHaveLength(2);
    for (const values of blocks) {
      expect(await rendered({ ...enough, ...values })).toContain('name: REDIS_PASSWORD');
    }
    // The first needs nothing else.
    expect(await rendered(blocks[0])).toContain('host: "api.example.com"');
  });

  it('are all named where they are missing', async () => {
    await expect(rendered({})).rejects.toThrow(
      /redis: none of url.*s3\.endpoint is not set.*s3\.publicEndpoint is not set.*mail\.from is not set/s,
    );
  });

  it('change the pods by their settings alone', async () => {
    const hashOf = async (values: object): Promise<string> => {
      const found = /secureconnect\.io\/settings: (\w+)/.exec(
        await rendered({ ...enough, ...values }),
      );
      if (found?.[1] === undefined) throw new Error('no pod has a hash of the settings');
      return found[1];
    };
    const [one, same, other] = await Promise.all([
      hashOf({}),
      hashOf({ auth: { replicas: 5 } }),
      hashOf({ settings: { LOG_LEVEL: 'debug' } }),
    ]);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });
});
