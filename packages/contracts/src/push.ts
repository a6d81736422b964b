import { z } from 'zod';
import { Timestamp, Uuid } from './primitives.ts';

/** Maximum push tokens of a user; one more replaces the one that was renewed the longest ago. */
export const MAX_PUSH_TOKENS = 20;
/** A token expires this long after it was registered last. */
export const PUSH_TOKEN_DAYS = 60;

export const PushKind = z.enum(['web', 'fcm', 'apns']).meta({
  description:
    '`web`: a subscription of a browser; `fcm`: Firebase Cloud Messaging; `apns`: Apple Push Notification service.',
});
export type PushKind = z.infer<typeof PushKind>;

const base64url = (bytes: number, what: string) =>
  z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`),
      `expected ${what}: ${bytes} bytes in base64url without padding`,
    );

const maxEndpointLength = 2048;

/** `toJSON()` of a browser's PushSubscription. */
export const WebPushAddress = z.object({
  kind: z.literal('web'),
  endpoint: z
    .url({ protocol: /^https$/, error: 'expected the https URL of a push service' })
    .max(maxEndpointLength)
    .meta({ examples: ['https://updates.push.services.mozilla.com/wpush/v2/gAAAAABp'] }),
  keys: z.object({
    p256dh: base64url(65, 'the public key of the subscription').meta({
      examples: [
        'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      ],
    }),
    auth: base64url(16, 'the authentication secret of the subscription').meta({
      examples: ['BTBZMqHH6r4Tts7J_aSIgg'],
    }),
  }),
});

export const FcmAddress = z.object({
  kind: z.literal('fcm'),
  token: z
    .string()
    .regex(/^[\w:-]{20,4096}$/, 'expected the registration token of the app')
    .meta({ examples: ['fcm-registration-token-of-the-app:APA91bE'] }),
});

export const ApnsAddress = z.object({
  kind: z.literal('apns'),
  token: z
    .string()
    .regex(/^(?:[0-9A-Fa-f]{2}){32,100}$/, 'expected the device token in hexadecimal')
    .toLowerCase()
    .meta({ examples: ['00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0'] }),
});

/** Body of `POST /v1/push/tokens`: where pushes for a device go. A secret. */
export const PushAddress = z.discriminatedUnion('kind', [WebPushAddress, FcmAddress, ApnsAddress]);
export type PushAddress = z.infer<typeof PushAddress>;

/** A push token as its user sees it; its secrets are never repeated. */
export const PushToken = z
  .object({
    token_id: Uuid,
    kind: PushKind,
    current: z.boolean().meta({ description: 'Whether it belongs to the session of the request.' }),
    created_at: Timestamp,
    renewed_at: Timestamp,
    expires_at: Timestamp.meta({
      description: 'Register the token again before, such as at each start of the app.',
    }),
  })
  .meta({ id: 'PushToken' });
export type PushToken = z.infer<typeof PushToken>;

/** Reply of `GET /v1/push/tokens`, the last renewed first. */
export const PushTokens = z
  .object({ tokens: z.array(PushToken).max(MAX_PUSH_TOKENS) })
  .meta({ id: 'PushTokens' });

/** Reply of `DELETE /v1/push/tokens/:token_id`. */
export const PushTokenRemoved = z.object({ removed: z.literal(true) });

/** Reply of `GET /v1/push/vapid-key`. */
export const VapidKey = z
  .object({
    public_key: z.string().meta({
      description: 'The applicationServerKey of PushManager.subscribe().',
      examples: [
        'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
      ],
    }),
  })
  .meta({ id: 'VapidKey' });
