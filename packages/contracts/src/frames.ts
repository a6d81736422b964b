import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { Timestamp, text, Uuid } from './primitives.ts';

/** A larger frame is not parsed. Room for a session description of many tracks. */
export const FRAME_MAX_BYTES = 128 * 1024;

/** A client's own name for a frame; its `ack` or `error` carries the same. */
export const FrameId = text(1, 64);

/** What the server adds to a frame that it passes on: who sent it, and when. */
export const relayed = { from: Uuid, at: Timestamp };

/** Stands in the answer to a frame where a port did not do as usual: `degraded: ["fan-out"]`. */
export const FrameMeta = z.object({ degraded: z.array(z.string()) });
export type FrameMeta = z.infer<typeof FrameMeta>;

/** Answers a frame that was not accepted. */
export const ErrorFrame = z
  .object({
    type: z.literal('error'),
    code: z.union([ErrorCode, z.literal('SERVICE_DEGRADED')]).meta({ examples: ['NOT_FOUND'] }),
    message: z.string().meta({ examples: ['There is no such conversation.'] }),
    id: z.string().exactOptional(),
  })
  .meta({ id: 'ErrorFrame', description: 'A frame was not accepted.' });
export type ErrorFrame = z.infer<typeof ErrorFrame>;
