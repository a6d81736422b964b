import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser, tokenOf } from '@secureconnect/tokens/testing';
import { newWorld, type TestVideo, type World } from '../harness.ts';
import { signIn } from './signed-in.ts';
import { vapidEnvironment } from './vapid.ts';
import { type Subscription, startWebPushService, type WebPushService } from './web-push-service.ts';

/** A user on a device that has registered its subscription. */
export interface Device extends TestUser {
  readonly subscription: Subscription;
}

/** Video with Web Push set up, and the push service of its browsers. */
export interface PushScene extends AsyncDisposable {
  readonly world: World;
  readonly service: WebPushService;
  readonly video: TestVideo;
  /** What video is started with. */
  readonly environment: NodeJS.ProcessEnv;
  /** A device of a user, with a session and a subscription of its own. */
  device(user: TestUser): Promise<Device>;
  /** Resolves when the outbox has no pushes of a user left to send. */
  untilAllDone(user: TestUser, timeoutMs?: number): Promise<void>;
}

export async function newPushScene(): Promise<PushScene> {
  await using parts = new AsyncDisposableStack();
  const service = parts.use(await startWebPushService());
  const world = parts.use(await newWorld());
  const environment = { ...vapidEnvironment, WEB_PUSH_HOSTS: service.host };
  const video = await world.start(environment);
  await video.untilDegraded(false);
  const owned = parts.move();
  return {
    world,
    service,
    video,
    environment,
    async device({ userId }) {
      const { sessionId } = someone();
      const signedIn = { userId, sessionId, token: tokenOf({ userId, sessionId }) };
      await signIn(world.database, signedIn);
      const subscription = service.subscribe();
      const reply = await video.call(signedIn, 'POST', '/v1/push/tokens', subscription.address);
      if (reply.status !== 201) throw new Error(`register: ${reply.status} ${reply.text}`);
      return { ...signedIn, subscription };
    },
    untilAllDone: ({ userId }, timeoutMs = 10_000) =>
      eventually(
        async () => {
          const left = await world.database.query(
            `SELECT 1 FROM video.outbox WHERE owner_id = $1 AND state = 'pending'`,
            [userId],
          );
          if (left.length > 0) throw new Error(`${left.length} pushes are pending`);
        },
        { timeoutMs },
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The types of the pushes to a device so far. */
export function typesTo({ subscription }: Device): string[] {
  return subscription.data().map(({ type }) => type);
}
