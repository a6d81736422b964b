import type { AddressInfo } from 'node:net';
import { degradedErrors } from '@secureconnect/degraded-mode/express';
import { type TestRedis, testRedis } from '@secureconnect/testkit';
import express, { type Express } from 'express';
import type { DegradedMode } from '../src/index.ts';
import { eventually } from '../src/testing/eventually.ts';

/** What a client sees of a reply. */
export interface Seen {
  readonly status: number;
  readonly degraded: string | null;
  readonly text: string;
  readonly cookie: string | undefined;
}

/** An app of Express over a Redis of its own. */
export interface BridgeScene extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly mode: DegradedMode;
  send(method: string, path: string, cookie?: string): Promise<Seen>;
  /** Resolves when the app says that Redis is up, or down. */
  untilDegraded(degraded: boolean): Promise<void>;
}

/** What an app is built of. */
export interface Connected extends AsyncDisposable {
  readonly mode: DegradedMode;
}

/** @param build adds the routes, and connects */
export async function bridgeScene(
  build: (app: Express, redisUrl: string) => Promise<Connected>,
): Promise<BridgeScene> {
  const redis = await testRedis();
  const app = express();
  const connected = await build(app, redis.url);
  const server = app.use(degradedErrors).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { mode } = connected;
  const untilDegraded = (degraded: boolean) =>
    eventually(
      () => {
        if (mode.isAvailable() === degraded) throw new Error(`degraded is not yet ${degraded}`);
      },
      { timeoutMs: 15_000 },
    );
  await untilDegraded(false);
  return {
    redis,
    mode,
    untilDegraded,
    async send(method, path, cookie) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: cookie === undefined ? {} : { cookie },
      });
      const [first] = response.headers.getSetCookie();
      return {
        status: response.status,
        degraded: response.headers.get('x-degraded'),
        text: await response.text(),
        cookie: first?.split(';')[0],
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await connected[Symbol.asyncDispose]();
      await redis.close();
    },
  };
}
