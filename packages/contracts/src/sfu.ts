import { z } from 'zod';
import { Uuid } from './primitives.ts';

/** How the media of a call flow: from each peer to each other one, or through a server. */
export const CallTopology = z.enum(['mesh', 'sfu']).meta({
  description:
    '`mesh`: each peer connects to each other one, at most four; `sfu`: all connect to a LiveKit server.',
});
export type CallTopology = z.infer<typeof CallTopology>;

const Identity = z.string().meta({
  description: 'A pseudonym of the user in this call, as LiveKit names them.',
  examples: ['yK0o3nL2QmWc9XvB7sJ1dg'],
});

/** What a user connects with to the LiveKit server of a call. */
export const SfuAccess = z
  .object({
    url: z.string().meta({
      description: 'The server, as `Room.connect` takes it.',
      examples: ['wss://livekit.example.com'],
    }),
    token: z.string().meta({
      description: 'A token for the room of this call alone.',
      examples: ['eyJhbGciOiJIUzI1NiJ9.eyJ2aWRlbyI6e319.c2lnbmF0dXJl'],
    }),
    expires_in: z
      .int()
      .positive()
      .meta({
        description: 'Seconds for which the token can be used to connect.',
        examples: [120],
      }),
    identity: Identity,
    participants: z
      .array(z.object({ user_id: Uuid, identity: Identity }))
      .meta({ description: 'Everybody who was called, and the caller.' }),
  })
  .meta({
    id: 'SfuAccess',
    description:
      'Only for calls with the topology sfu, and only in replies of initiate, accept and join. GET …/sfu-token makes a new one.',
  });
export type SfuAccess = z.infer<typeof SfuAccess>;

/** The reply to a webhook of LiveKit. */
export const SfuEventReceipt = z.object({
  is_duplicate: z.boolean().meta({ description: 'Whether the event was received before.' }),
});
export type SfuEventReceipt = z.infer<typeof SfuEventReceipt>;
