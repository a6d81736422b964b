import { randomUUID } from 'node:crypto';
import type { Samples } from '@secureconnect/testkit';
import { active } from './sample-calls.ts';
import { signEvent } from './sfu-events.ts';

/** Samples are sent long after they were made. */
const seconds = 12 * 3600;

/** Requests of calls through an SFU. The stacks of these tests have its key, but no LiveKit server. */
export const sfuSamples = {
  'GET /v1/calls/:call_id/sfu-token': {
    // A mesh has no room: the refusal comes after everything that Redis could prevent, and names no
    // fallback, as no error does.
    status: 409,
    ports: [],
    async prepare(world) {
      const { bob, callId } = await active(world);
      return { path: `/v1/calls/${callId}/sfu-token`, token: bob.token };
    },
  },
  'POST /v1/calls/sfu-events': {
    status: 200,
    async prepare(world) {
      const { callId } = await active(world);
      const id = `EV_${randomUUID()}`;
      const event = { event: 'participant_joined', id, room: { name: callId } };
      const { body, signature } = await signEvent(event, { seconds });
      return {
        path: '/v1/calls/sfu-events',
        headers: { authorization: signature },
        bytes: { content: Buffer.from(body), contentType: 'application/webhook+json' },
        effect: {
          count: `SELECT count(*) FROM video.outbox
            WHERE kind = 'sfu_room' AND idempotency_key = $1`,
          values: [`event:${id}`],
        },
      };
    },
  },
} as const satisfies Samples;
