import { PushKind } from '@secureconnect/contracts';
import { startOutbox } from '@secureconnect/outbox';
import { repeatEvery, type ServiceMetrics } from '@secureconnect/service';
import { sweepTokens } from '../stores/push-tokens.ts';
import { sweepRungDevices } from '../stores/rung-devices.ts';
import { outboxSchema } from './push-effect.ts';
import { callPushHandler, type PushHandlerDeps } from './push-handler.ts';

export interface StartPushOptions extends PushHandlerDeps {
  readonly metrics: ServiceMetrics;
}

/** A push of a process that died is sent by a different one while the call still rings. */
const leaseSeconds = 10;
const pollMs = 500;
const sweepEveryMs = 300_000;

/** Sends pushes and removes tokens that have ended. Returns a function that stops this. */
export function startPush(options: StartPushOptions): () => Promise<void> {
  const { database, log, metrics } = options;
  const handlers = PushKind.options.map((kind) => callPushHandler(kind, options));
  const outbox = { database, schema: outboxSchema, handlers, log, metrics, leaseSeconds, pollMs };
  const stopOutbox = startOutbox(outbox);
  const stopSweeping = repeatEvery({
    intervalMs: sweepEveryMs,
    what: 'removal of push tokens',
    log,
    run: async () => {
      await sweepTokens(database);
      await sweepRungDevices(database);
    },
  });
  return async () => {
    await Promise.all([stopOutbox(), stopSweeping()]);
  };
}
