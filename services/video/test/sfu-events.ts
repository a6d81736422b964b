import { createHash } from 'node:crypto';
import { liveKitKey } from '@secureconnect/testkit';
import { AccessToken } from 'livekit-server-sdk';

/** A webhook as LiveKit sends it. */
export interface SignedEvent {
  readonly body: string;
  /** The value of its Authorization header. */
  readonly signature: string;
}

/** Signs a body as LiveKit does, with the key and secret of the tests or a different secret. */
export async function signEvent(
  event: object,
  { apiSecret = liveKitKey.apiSecret, seconds = 300 } = {},
): Promise<SignedEvent> {
  const body = JSON.stringify(event);
  const token = new AccessToken(liveKitKey.apiKey, apiSecret, { ttl: seconds });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return { body, signature: await token.toJwt() };
}
