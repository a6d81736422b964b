import { PushKind } from '@secureconnect/contracts';
import type { EffectHandler } from '@secureconnect/outbox';
import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { sweepTokens } from '../stores/push-tokens.ts';
import { sweepRungDevices } from '../stores/rung-devices.ts';
import { callPushHandler, messagePushHandler, type PushHandlerDeps } from './push-handler.ts';

const sweepEveryMs = 300_000;

/** Send pushes from the outbox. */
export function pushHandlers(deps: PushHandlerDeps): EffectHandler[] {
  return PushKind.options.flatMap((kind) => [
    callPushHandler(kind, deps),
    messagePushHandler(kind, deps),
  ]);
}

/** Removes push tokens that have ended. Returns a function that stops this. */
export function startSweepingPushes(database: Database, log: Logger): () => Promise<void> {
  return repeatEvery({
    intervalMs: sweepEveryMs,
    what: 'removal of push tokens',
    log,
    run: async () => {
      await sweepTokens(database);
      await sweepRungDevices(database);
    },
  });
}
