import { randomUUID } from 'node:crypto';
import type { Samples } from '@secureconnect/testkit';
import { active } from './sample-calls.ts';

/** A first report on a connection of an answered call. */
export const qualitySamples = {
  'POST /v1/calls/:call_id/quality': {
    status: 200,
    async prepare(world) {
      const { ada, bob, callId } = await active(world);
      const connectionId = randomUUID();
      return {
        path: `/v1/calls/${callId}/quality`,
        token: bob.token,
        body: {
          connection_id: connectionId,
          sequence: 1,
          peer_id: ada.userId,
          summary: { state: 'connected', setup_ms: 700, media_lost: false },
        },
        effect: {
          count: `SELECT count(*) FROM video.call_quality
            WHERE call_id = $1 AND user_id = $2 AND connection_id = $3`,
          values: [callId, bob.userId, connectionId],
        },
      };
    },
  },
} as const satisfies Samples;
