import { z } from 'zod';
import { outcomeOf } from '../push-reply.ts';
import type { PushMessage, PushOutcome, PushSender } from '../push-sender.ts';
import type { ApnsConfig } from './apns-config.ts';
import { Http2Client, type Http2Reply } from './http2-client.ts';
import { ProviderToken } from './provider-token.ts';

const ErrorReply = z.object({ reason: z.string() });

/** Tokens that are not of this app or not of this server: they will never be good. */
const goneReasons = ['BadDeviceToken', 'DeviceTokenNotForTopic', 'Unregistered', 'ExpiredToken'];
const staleTokenReasons = ['ExpiredProviderToken'];

/**
 * Apple Push Notification service with token-based authentication, over HTTP/2. An alert of a later
 * push replaces the one with the same collapse id, so the end of a call replaces its ringing.
 */
export function apnsSender(config: ApnsConfig): PushSender<'apns'> {
  const providerToken = new ProviderToken(config);
  const client = new Http2Client(config.url);
  return {
    async send({ token }, message, signal) {
      const headers = headersOf(config, message, await providerToken.get());
      const body = JSON.stringify(bodyOf(message));
      const reply = await client.post(`/3/device/${token}`, headers, body, signal);
      const reason = reply.status === 200 ? '' : reasonIn(reply.text);
      if (staleTokenReasons.includes(reason)) {
        providerToken.forget();
        return { result: 'failed', reason: 'APNS_TOKEN_EXPIRED', retryAfterSeconds: undefined };
      }
      return outcomeOfReply(reply, reason);
    },
    close: () => client.close(),
  };
}

function headersOf({ topic }: ApnsConfig, message: PushMessage, providerToken: string) {
  const { pushId, collapseKey, ttlSeconds, urgency } = message;
  return {
    authorization: `bearer ${providerToken}`,
    'apns-id': pushId,
    'apns-topic': topic,
    'apns-push-type': 'alert',
    'apns-priority': urgency === 'high' ? '10' : '5',
    'apns-expiration': String(Math.floor(Date.now() / 1000) + ttlSeconds),
    'apns-collapse-id': collapseKey,
  };
}

/** The app has the texts, in the language of the device, and may change them before the display. */
function bodyOf({ data }: PushMessage) {
  return {
    aps: {
      alert: { 'title-loc-key': `push.${data.type}` },
      'mutable-content': 1,
      'thread-id': data.conversation_id,
      ...(isHeard(data) ? { sound: 'default' } : {}),
    },
    data,
  };
}

/** What a user should notice; the end of a call only replaces its ringing. */
function isHeard({ type }: PushMessage['data']): boolean {
  return type === 'call_ringing' || type === 'message';
}

function outcomeOfReply({ status, headers }: Http2Reply, apnsReason: string): PushOutcome {
  const reason = `APNS_${status}${apnsReason === '' ? '' : `_${apnsReason}`}`;
  if (goneReasons.includes(apnsReason)) return { result: 'gone', reason };
  // 404 is a wrong path, which no token is to blame for.
  if (status === 404) return { result: 'refused', reason };
  const retryAfter = headers['retry-after'];
  return outcomeOf(status, reason, retryAfter);
}

/** Apple's reason; empty if the reply has none. */
function reasonIn(text: string): string {
  try {
    return ErrorReply.parse(JSON.parse(text)).reason.replaceAll(/\W/g, '').slice(0, 40);
  } catch {
    return ''; // no reply of APNs, such as of a proxy
  }
}
