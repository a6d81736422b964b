import { z } from 'zod';
import { post } from '../bounded-request.ts';
import { outcomeOf } from '../push-reply.ts';
import type { PushMessage, PushOutcome, PushSender } from '../push-sender.ts';
import { AccessToken, NoAccessToken } from './access-token.ts';
import type { FcmConfig } from './fcm-config.ts';

/** After 429 without `Retry-After`, as the documentation asks. */
const quotaPauseSeconds = 60;

const ErrorReply = z.object({
  error: z.object({
    status: z.string(),
    details: z.array(z.object({ errorCode: z.string().optional() })).optional(),
  }),
});

/** The HTTP v1 API of Firebase Cloud Messaging: a data message, which the app turns into a display. */
export function fcmSender(config: FcmConfig): PushSender<'fcm'> {
  const accessToken = new AccessToken(config);
  const url = `${config.url}/v1/projects/${config.projectId}/messages:send`;
  return {
    async send({ token }, message, signal) {
      let bearer: string;
      try {
        bearer = await accessToken.get();
      } catch (error) {
        if (!(error instanceof NoAccessToken)) throw error;
        return { result: 'failed', reason: error.code, retryAfterSeconds: undefined };
      }
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
      const request = { url, headers, body: JSON.stringify({ message: bodyOf(token, message) }) };
      const reply = await post(request, signal);
      if (reply.status === 401) accessToken.forget(bearer);
      return outcomeOfReply(reply.status, reply.text, reply.headers.get('retry-after'));
    },
    close: async () => undefined,
  };
}

/** Values of `data` must be texts. */
function bodyOf(token: string, { data, collapseKey, ttlSeconds, urgency }: PushMessage) {
  return {
    token,
    data: { ...data },
    android: {
      collapse_key: collapseKey,
      priority: urgency === 'high' ? 'HIGH' : 'NORMAL',
      ttl: `${ttlSeconds}s`,
    },
  };
}

function outcomeOfReply(status: number, text: string, retryAfter: string | null): PushOutcome {
  const code = status < 300 ? '' : errorCodeOf(text);
  const reason = `FCM_${status}${code === '' ? '' : `_${code}`}`;
  // The token belongs to a different app: it will never be ours.
  if (code === 'SENDER_ID_MISMATCH' || code === 'UNREGISTERED') return { result: 'gone', reason };
  // A 404 without this code is a wrong project, which no token is to blame for.
  if (status === 404) return { result: 'refused', reason };
  if (status === 401) return { result: 'failed', reason, retryAfterSeconds: undefined };
  const outcome = outcomeOf(status, reason, retryAfter);
  const isWithoutPause = outcome.result === 'failed' && outcome.retryAfterSeconds === undefined;
  if (status !== 429 || !isWithoutPause) return outcome;
  return { ...outcome, retryAfterSeconds: quotaPauseSeconds };
}

/** The code of FCM, or else of Google's API; empty if the reply has none. */
function errorCodeOf(text: string): string {
  try {
    const { error } = ErrorReply.parse(JSON.parse(text));
    const code = error.details?.find(({ errorCode }) => errorCode !== undefined)?.errorCode;
    return (code ?? error.status).replaceAll(/[^A-Z_]/g, '').slice(0, 40);
  } catch {
    return ''; // no reply of FCM, such as of a proxy
  }
}
