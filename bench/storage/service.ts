import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { UploadTarget } from '@secureconnect/contracts';
import { freePort } from '@secureconnect/embedded';
import { createTokenSigner } from '@secureconnect/tokens';
import { startServing } from '../support/serving-child.ts';
import { send, textOf } from './http.ts';

const tokenSeconds = 3600;

/** The storage service in a process of its own, and its users. */
export interface StorageService {
  readonly pid: number;
  /** A new user's token. */
  user(): string;
  uploadUrl(token: string, sizeBytes: number): Promise<UploadTarget>;
  /** Says that the bytes were sent; resolves to a URL to read them by. */
  completed(token: string, fileId: string): Promise<string>;
}

/** Starts it with these variables; it ends with `resources`. */
export async function startService(
  environment: NodeJS.ProcessEnv,
  resources: AsyncDisposableStack,
): Promise<StorageService> {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const secret = randomBytes(32).toString('base64');
  const variables = {
    JWT_SECRET: secret,
    LOG_LEVEL: 'warn',
    STORAGE_PORT: String(port),
    STORAGE_PUBLIC_URL: base,
    STORAGE_QUOTA_BYTES: String(10 ** 12),
    ...environment,
  };
  const file = join(import.meta.dirname, 'service-process.ts');
  const { pid } = resources.use(await startServing({ file, values: [JSON.stringify(variables)] }));
  const sign = createTokenSigner({ secret });
  const ask = async (token: string, path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const json = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const sent =
      json === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body: json };
    const reply = await send(`${base}/v1/storage/${path}`, { ...sent, headers });
    return JSON.parse(await textOf(reply)).data;
  };
  return {
    pid,
    user: () =>
      sign({
        userId: randomUUID(),
        sessionId: randomUUID(),
        role: 'user',
        lifetimeSeconds: tokenSeconds,
      }).token,
    async uploadUrl(token, sizeBytes) {
      const body = {
        file_name: 'a.bin',
        file_size: sizeBytes,
        content_type: 'application/x-bench',
      };
      return UploadTarget.parse(await ask(token, 'upload-url', body));
    },
    async completed(token, fileId) {
      await ask(token, 'upload-complete', { file_id: fileId });
      const target = Object(await ask(token, `download-url/${fileId}`));
      return String(target['download_url']);
    },
  };
}
