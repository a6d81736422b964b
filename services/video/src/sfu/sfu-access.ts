import type { SfuAccess } from '@secureconnect/contracts';
import { AccessToken } from 'livekit-server-sdk';
import type { CallRecord } from '../calls/call.ts';
import { opaqueId } from '../opaque-id.ts';
import { isInCall } from '../turn/ice-servers.ts';
import type { SfuConfig } from './sfu-config.ts';

/** The name of a user in the room of a call; LiveKit's logs and clients have it. */
function identityOf({ apiSecret }: SfuConfig, callId: string, userId: string): string {
  return opaqueId(apiSecret, 'sfu identities', `${callId} ${userId}`);
}

/** The identities of the users who are in a call. */
export function joinedIdentities(config: SfuConfig, call: CallRecord): ReadonlyMap<string, string> {
  const joined = call.participants.filter(({ state }) => state === 'joined');
  return new Map(
    joined.map(({ userId }) => [identityOf(config, call.callId, userId), userId] as const),
  );
}

/**
 * What a user who is in a call connects with: a token for its room alone, which is named like the
 * call, with the claims that LiveKit's documentation lists under "Tokens & grants". Undefined for
 * users who are not in it, and for meshes.
 */
export async function accessFor(
  config: SfuConfig,
  call: CallRecord,
  userId: string,
): Promise<SfuAccess | undefined> {
  if (call.topology !== 'sfu' || !isInCall(call, userId)) return undefined;
  const { callId } = call;
  const identity = identityOf(config, callId, userId);
  const token = new AccessToken(config.apiKey, config.apiSecret, {
    identity,
    ttl: config.tokenSeconds,
  });
  token.addGrant({ room: callId, roomJoin: true });
  return {
    url: config.url,
    token: await token.toJwt(),
    expires_in: config.tokenSeconds,
    identity,
    participants: call.participants.map((participant) => ({
      user_id: participant.userId,
      identity: identityOf(config, callId, participant.userId),
    })),
  };
}
