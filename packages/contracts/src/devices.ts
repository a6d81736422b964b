import { z } from 'zod';
import { pageEnd } from './page.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** A session of the requesting user. `last_seen_at` is precise to the life of an access token. */
export const DeviceSession = z
  .object({
    session_id: Uuid,
    device_name: z
      .string()
      .nullable()
      .meta({ examples: ['Firefox on Linux'] }),
    agent: z
      .string()
      .nullable()
      .meta({ examples: ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0'] }),
    address: z
      .string()
      .nullable()
      .meta({ examples: ['203.0.113.7'] }),
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    current: z.boolean().meta({ description: 'Whether it is the session of this request.' }),
  })
  .meta({ id: 'DeviceSession' });
export type DeviceSession = z.infer<typeof DeviceSession>;

/** Reply of `GET /v1/users/me/sessions`, newest first. */
export const DeviceSessionPage = z.object({ sessions: z.array(DeviceSession), ...pageEnd });
export type DeviceSessionPage = z.infer<typeof DeviceSessionPage>;

/** Reply of `DELETE /v1/users/me/sessions/:session_id`. */
export const DeviceSessionEnded = z.object({ ended: z.literal(true) });
export type DeviceSessionEnded = z.infer<typeof DeviceSessionEnded>;

/** Reply of `DELETE /v1/users/me/sessions`: the number of sessions that were ended. */
export const OtherSessionsEnded = z.object({
  ended: z
    .int()
    .min(0)
    .meta({ examples: [2] }),
});
export type OtherSessionsEnded = z.infer<typeof OtherSessionsEnded>;
