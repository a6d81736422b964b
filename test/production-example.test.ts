import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readAuthConfig } from '../services/auth/src/index.ts';
import { readChatConfig } from '../services/chat/src/index.ts';
import { readGatewayConfig } from '../services/gateway/src/index.ts';
import { readStorageConfig } from '../services/storage/src/index.ts';
import { readVideoConfig } from '../services/video/src/index.ts';

const file = join(import.meta.dirname, '..', '.env.production.example');
const example = parseEnv(readFileSync(file, 'utf8'));

const readers: [string, (environment: NodeJS.ProcessEnv) => unknown][] = [
  ['gateway', readGatewayConfig],
  ['auth', readAuthConfig],
  ['chat', readChatConfig],
  ['video', readVideoConfig],
  ['storage', readStorageConfig],
];

describe.each(readers)('the production example, read by %s', (_service, read) => {
  it('is refused as it stands, because its secret is public', () => {
    expect(() => read(example)).toThrow(/JWT_SECRET .*the example's value is refused/);
  });

  it('is accepted with secrets of one’s own', () => {
    const secret = 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn';
    const own = { ...example, JWT_SECRET: secret, SIGNALS_TOKEN: secret };
    expect(() => read(own)).not.toThrow();
  });
});
