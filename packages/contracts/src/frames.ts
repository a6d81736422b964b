import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { Timestamp, text, Uuid } from './primitives.ts';

/** Maximum size of a frame: room for a session description of many tracks. */
export const FRAME_MAX_BYTES = 128 * 1024;

/** A client's id of a frame, repeated in the `ack` or `error`. */
export const FrameId = text(1, 64);

/** What the server adds to a relayed frame: its sender and time. */
export const relayed = { from: Uuid, at: Timestamp };

/** In the answer to a frame if a port used a fallback: `degraded: ["fan-out"]`. */
export const FrameMeta = z.object({ degraded: z.array(z.string()) });
export type FrameMeta = z.infer<typeof FrameMeta>;

/** The answer to a refused frame. */
export const ErrorFrame = z
  .object({
    type: z.literal('error'),
    code: z.union([ErrorCode, z.literal('SERVICE_DEGRADED')]).meta({ examples: ['NOT_FOUND'] }),
    message: z.string().meta({ examples: ['There is no such conversation.'] }),
    id: z.string().exactOptional(),
  })
  .meta({ id: 'ErrorFrame', description: 'A frame was not accepted.' });
export type ErrorFrame = z.infer<typeof ErrorFrame>;
