import { z } from 'zod';
import { PageQuery, pageEnd } from './page.ts';
import { distinct, Timestamp, Uuid } from './primitives.ts';
import { CallTopology, SfuAccess } from './sfu.ts';

/**
 * Maximum participants by topology, the caller included. In a mesh each sends its media to each
 * other one.
 */
export const CALL_PARTICIPANTS_MAX = { mesh: 4, sfu: 50 } as const;
/** Maximum callees of a call that is a mesh. */
export const CALLEES_MAX = CALL_PARTICIPANTS_MAX.mesh - 1;
/** Maximum callees of a call through an SFU. */
export const SFU_CALLEES_MAX = CALL_PARTICIPANTS_MAX.sfu - 1;

export const CallType = z.enum(['audio', 'video']);
export type CallType = z.infer<typeof CallType>;

export const CallStatus = z.enum(['ringing', 'active', 'ended', 'missed', 'declined']);
export type CallStatus = z.infer<typeof CallStatus>;

export const CallParticipantState = z.enum([
  'ringing',
  'joined',
  'left',
  'declined',
  'missed',
  'removed',
]);
export type CallParticipantState = z.infer<typeof CallParticipantState>;

export const CallEndReason = z
  .enum([
    'no_answer',
    'busy',
    'declined',
    'cancelled',
    'ended_by_host',
    'everyone_left',
    'connection_lost',
    'out_of_reach',
  ])
  .meta({
    description:
      '`no_answer`: nobody answered for 30 s; `busy`: everybody who was called was in another call; `declined`: nobody who was called wants to answer; `cancelled`: the caller ended it before it was answered; `everyone_left`: fewer than two were left; `connection_lost`: the last user but one had no signaling socket for 30 s, or nobody had one for two minutes; `out_of_reach`: one of the two has blocked the other.',
  });
export type CallEndReason = z.infer<typeof CallEndReason>;

/** `RTCIceServer` of the WebRTC standard. Credentials expire: see `IceServers`. */
export const IceServer = z
  .object({
    urls: z.array(z.string().meta({ examples: ['stun:stun.example.com:3478'] })),
    username: z
      .string()
      .meta({ examples: ['1767268800:yK0o3nL2QmWc9XvB7sJ1dg'] })
      .exactOptional(),
    credential: z
      .string()
      .meta({ examples: ['jX2kV0l8pQm4Yd7rB1sTnE3uW9c='] })
      .exactOptional(),
  })
  .meta({ id: 'IceServer' });
export type IceServer = z.infer<typeof IceServer>;

export const Call = z
  .object({
    call_id: Uuid,
    call_type: CallType,
    topology: CallTopology,
    conversation_id: Uuid,
    caller_id: Uuid.meta({ description: 'The user who called.' }),
    host_id: Uuid.meta({ description: 'The user who may control the call: at first the caller.' }),
    locked: z.boolean().meta({ description: 'Whether nobody else may join.', examples: [false] }),
    status: CallStatus,
    participants: z.array(z.object({ user_id: Uuid, state: CallParticipantState })),
    ice_servers: z.array(IceServer).meta({
      description:
        'Only in replies of initiate and join; empty in others. GET …/ice-servers renews them.',
    }),
    sfu: SfuAccess.exactOptional(),
    created_at: Timestamp,
    answered_at: Timestamp.exactOptional(),
    ended_at: Timestamp.exactOptional(),
    end_reason: CallEndReason.exactOptional(),
  })
  .meta({ id: 'Call' });
export type Call = z.infer<typeof Call>;

/** The ICE servers of one user in one call. */
export const IceServers = z
  .object({
    ice_servers: z.array(IceServer),
    expires_in: z
      .int()
      .positive()
      .meta({ description: 'Seconds until the credential is refused.', examples: [300] }),
    renew_in: z
      .int()
      .positive()
      .meta({ description: 'Seconds after which to ask again.', examples: [150] }),
  })
  .meta({ id: 'IceServers' });
export type IceServers = z.infer<typeof IceServers>;

/** Query of `GET /v1/calls`. */
export const CallsQuery = PageQuery;

/** A page of the calls of a user, the newest first. */
export const CallPage = z.object({
  calls: z.array(Call.omit({ ice_servers: true, sfu: true }).meta({ id: 'PastCall' })),
  ...pageEnd,
});
export type CallPage = z.infer<typeof CallPage>;

/** How many users a call of this topology can be to. */
export function maxCallees(topology: CallTopology): number {
  return CALL_PARTICIPANTS_MAX[topology] - 1;
}

/** Body of `POST /v1/calls/initiate`. Default `callee_ids`: the other participants. */
export const NewCall = z
  .object({
    call_type: CallType,
    topology: CallTopology.exactOptional().meta({ description: 'Default mesh.' }),
    conversation_id: Uuid,
    callee_ids: distinct(Uuid, SFU_CALLEES_MAX)
      .exactOptional()
      .meta({ description: `At most ${CALLEES_MAX} in a mesh.` }),
  })
  .refine(hasFewCallees, {
    path: ['callee_ids'],
    error: `expected at most ${CALLEES_MAX} in a mesh`,
  });
export type NewCall = z.infer<typeof NewCall>;

/** Body of `PATCH /v1/calls/:call_id`; what is absent stays. */
export const CallControls = z
  .object({
    locked: z
      .boolean()
      .meta({ examples: [true] })
      .exactOptional(),
    host_id: Uuid.meta({ description: 'The participant who hosts the call next.' }).exactOptional(),
  })
  .refine(({ locked, host_id }) => locked !== undefined || host_id !== undefined, {
    error: 'expected locked, host_id or both',
  })
  .meta({ examples: [{ locked: true }] });
export type CallControls = z.infer<typeof CallControls>;

/** Path parameters of `/v1/calls/:call_id`. */
export const CallParams = z.object({ call_id: Uuid });
export type CallParams = z.infer<typeof CallParams>;

function hasFewCallees({
  topology = 'mesh',
  callee_ids: callees = [],
}: {
  readonly topology?: CallTopology;
  readonly callee_ids?: readonly string[];
}): boolean {
  return callees.length <= maxCallees(topology);
}
