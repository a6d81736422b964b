import type { WebPushAddress } from '@secureconnect/contracts';
import webPush from 'web-push';
import type { z } from 'zod';
import { post } from '../bounded-request.ts';
import { outcomeOf } from '../push-reply.ts';
import type { PushMessage, PushOutcome, PushSender } from '../push-sender.ts';
import { isAllowedEndpoint } from './endpoints.ts';
import type { WebPushConfig } from './web-push-config.ts';

/**
 * Web Push: RFC 8030, encrypted by RFC 8291, signed by RFC 8292. The library encrypts and signs; the
 * request is our own, because the library's has no limit for the reply and cannot be aborted.
 */
export function webPushSender(config: WebPushConfig): PushSender<'web'> {
  return {
    async send(address, message, signal) {
      // The list of hosts may have changed since the registration.
      if (!isAllowedEndpoint(address.endpoint, config.hosts)) {
        return { result: 'gone', reason: 'HOST_NOT_ALLOWED' };
      }
      const reply = await post(requestOf(config, address, message), signal);
      return outcomeOfReply(reply.status, reply.headers.get('retry-after'));
    },
    close: async () => undefined,
  };
}

function outcomeOfReply(status: number, retryAfter: string | null): PushOutcome {
  return outcomeOf(status, `WEB_PUSH_${status}`, retryAfter);
}

function requestOf(
  { subject, publicKey, privateKey }: WebPushConfig,
  { endpoint, keys }: z.infer<typeof WebPushAddress>,
  { data, collapseKey, ttlSeconds, urgency }: PushMessage,
) {
  const details = webPush.generateRequestDetails({ endpoint, keys }, JSON.stringify(data), {
    vapidDetails: { subject, publicKey, privateKey },
    TTL: ttlSeconds,
    topic: collapseKey,
    urgency,
  });
  // The client sets the length by the body.
  const headers = Object.entries(details.headers).flatMap(([name, value]) =>
    name === 'Content-Length' ? [] : [[name, String(value)] as const],
  );
  return {
    url: details.endpoint,
    headers: Object.fromEntries(headers),
    body: new Uint8Array(details.body),
  };
}
