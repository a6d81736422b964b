import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readAuthConfig } from '@secureconnect/auth';
import { readChatConfig } from '@secureconnect/chat';
import { readGatewayConfig } from '@secureconnect/gateway';
import { readStorageConfig } from '@secureconnect/storage';
import { readVideoConfig } from '@secureconnect/video';
import { describe, expect, it } from 'vitest';

const file = join(import.meta.dirname, '..', '.env.production.example');
const example = parseEnv(readFileSync(file, 'utf8'));

type Reader = (environment: NodeJS.ProcessEnv) => unknown;

/** Each service, and the secrets of the example that it reads. */
const readers: [string, Reader, readonly string[]][] = [
  ['gateway', readGatewayConfig, ['DATABASE_URL', 'JWT_SECRET', 'SIGNALS_TOKEN']],
  ['auth', readAuthConfig, ['DATABASE_URL', 'JWT_SECRET', 'FACTOR_SECRET']],
  ['chat', readChatConfig, ['DATABASE_URL', 'CASSANDRA_PASSWORD', 'JWT_SECRET']],
  ['video', readVideoConfig, ['DATABASE_URL', 'JWT_SECRET', 'TURN_SECRET']],
  ['storage', readStorageConfig, ['DATABASE_URL', 'JWT_SECRET']],
];

const secret = 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn';
const own: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(example).map(([name, value]) => [
    name,
    value
      // FACTOR_SECRET must differ from JWT_SECRET.
      ?.replace(/change-me[a-z0-9-]*|replace-me/, `${secret}${name.length}`)
      .replaceAll('.example.com', '.acme-chat.org'),
  ]),
);

describe.each(readers)('the production example, read by %s', (service, read, secrets) => {
  it('is refused unchanged, because its secret is public', () => {
    expect(() => read(example)).toThrow(/JWT_SECRET .*the example's value is refused/);
  });

  it('is accepted with secrets and hosts of one’s own', () => {
    expect(() => read(own)).not.toThrow();
  });

  // Auth reads none of them.
  if (service !== 'auth') {
    it('is refused with its hosts left as they were', () => {
      const hosts = Object.entries(example).filter(([, value]) => value?.includes('.example.com'));
      expect(() => read({ ...own, ...Object.fromEntries(hosts) })).toThrow(
        /names [a-z]+\.example\.com, a host of the examples/,
      );
    });
  }

  it.each(secrets)('is refused with %s left as it was', (name) => {
    const { [name]: ofTheExample } = example;
    expect(() => read({ ...own, [name]: ofTheExample })).toThrow(new RegExp(`^${name} .*refused`));
  });
});
