import type { PushAddress } from '@secureconnect/contracts';
import { apnsSender } from './apns/apns-sender.ts';
import { fcmSender } from './fcm/fcm-sender.ts';
import type { PushConfig } from './push-config.ts';
import type { PushContent } from './push-content.ts';
import type { PushMessage, PushOutcome } from './push-sender.ts';
import { webPushSender } from './web/web-push-sender.ts';

export interface Push {
  readonly address: PushAddress;
  /** A UUID, the same at every attempt. */
  readonly pushId: string;
  readonly data: PushContent;
  readonly ttlSeconds: number;
}

/** Sends a push to a device; undefined if its kind is not set up. Rejects as `PushSender` does. */
export type SendPush = (push: Push, signal: AbortSignal) => Promise<PushOutcome | undefined>;

/** The senders of the kinds that are set up. */
export interface PushSenders {
  readonly send: SendPush;
  close(): Promise<void>;
}

export function createPushSenders(config: PushConfig): PushSenders {
  const web = config.web && webPushSender(config.web);
  const fcm = config.fcm && fcmSender(config.fcm);
  const apns = config.apns && apnsSender(config.apns);
  return {
    async send({ address, ...push }, signal) {
      const message = messageOf(push);
      switch (address.kind) {
        case 'web':
          return web?.send(address, message, signal);
        case 'fcm':
          return fcm?.send(address, message, signal);
        case 'apns':
          return apns?.send(address, message, signal);
      }
    },
    async close() {
      await Promise.all([web?.close(), fcm?.close(), apns?.close()]);
    },
  };
}

/**
 * Pushes about one call, or about the messages of one conversation, replace each other; keys of Web
 * Push have no room for the dashes of an id.
 */
function messageOf({ pushId, data, ttlSeconds }: Omit<Push, 'address'>): PushMessage {
  const isMessage = data.type === 'message';
  const collapseKey = (isMessage ? data.conversation_id : data.call_id).replaceAll('-', '');
  return { pushId, data, collapseKey, ttlSeconds, urgency: isMessage ? 'normal' : 'high' };
}
