import { call, eventually, type SampleUser } from '@secureconnect/testkit';
import { expect } from 'vitest';
import {
  type Subscription,
  startWebPushService,
} from '../../services/video/test/push/web-push-service.ts';
import { databaseOf } from '../calls/scene.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** A stack whose pushes go to a service of the test. */
export interface PushStack extends AsyncDisposable {
  readonly stack: Stack;
  /** A device of the session of a token. */
  subscribe(token: string): Promise<Subscription>;
  /** Resolves when no push is left for these users. */
  untilAllDone(...users: readonly SampleUser[]): Promise<void>;
}

export async function startPushStack(): Promise<PushStack> {
  await using parts = new AsyncDisposableStack();
  const service = parts.use(await startWebPushService());
  const stack = parts.use(await startStack({ WEB_PUSH_HOSTS: service.host }));
  const owned = parts.move();
  return {
    stack,
    async subscribe(token) {
      const subscription = service.subscribe();
      const body = subscription.address;
      const reply = await call(stack.urls.gateway, 'POST', '/v1/push/tokens', { token, body });
      expect(reply.status, reply.text).toBe(201);
      return subscription;
    },
    async untilAllDone(...users) {
      await using database = databaseOf(stack);
      const pending = `SELECT 1 FROM video.outbox
        WHERE owner_id = ANY($1::uuid[]) AND state = 'pending'`;
      const ids = users.map(({ userId }) => userId);
      await eventually(async () => expect(await database.sql.query(pending, [ids])).toEqual([]), {
        timeoutMs: 40_000,
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
