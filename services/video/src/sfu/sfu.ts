import { ApiError, counter, type Logger, type ServiceMetrics } from '@secureconnect/service';
import { WebhookReceiver } from 'livekit-server-sdk';
import type { SfuConfig } from './sfu-config.ts';
import { SfuFailure } from './sfu-failure.ts';
import { createSfuRooms, type SfuRooms } from './sfu-rooms.ts';

/** The LiveKit server of this deployment. */
export interface Sfu {
  readonly config: SfuConfig;
  readonly rooms: SfuRooms;
  readonly webhooks: WebhookReceiver;
  countWebhook(outcome: WebhookOutcome): void;
}

const webhookOutcomes = ['received', 'duplicate', 'ignored', 'refused'] as const;
export type WebhookOutcome = (typeof webhookOutcomes)[number];

/** Opens no connection. */
export function createSfu(config: SfuConfig, metrics: ServiceMetrics, log: Logger): Sfu {
  const webhooks = new WebhookReceiver(config.apiKey, config.apiSecret);
  const received = counter(metrics, {
    name: 'video_sfu_webhooks_total',
    help: 'Webhooks of the LiveKit server, by outcome; refused: without its signature',
    labelNames: ['outcome'],
  });
  for (const outcome of webhookOutcomes) received.inc({ outcome }, 0);
  const countWebhook = (outcome: WebhookOutcome): void => received.inc({ outcome });
  return { config, rooms: createSfuRooms(config, metrics, log), webhooks, countWebhook };
}

/**
 * Creates the room of a call if it is missing.
 * @throws ApiError SERVICE_UNAVAILABLE if the LiveKit server does not answer
 */
export async function createRoom(
  { rooms }: Sfu,
  callId: string,
  maxParticipants: number,
): Promise<void> {
  try {
    await rooms.create(callId, maxParticipants);
  } catch (error) {
    if (!(error instanceof SfuFailure)) throw error;
    throw new ApiError('SERVICE_UNAVAILABLE', 'The SFU does not answer; retry.', {
      retryAfterSeconds: 5,
    });
  }
}
