import { z } from 'zod';
import { Timestamp, Uuid } from './primitives.ts';

/** Where auth announces that one-time pre-keys run low, and chat hears it: a room of auth's bus. */
export const keyNoticesBus = 'auth';
export const keyNoticesRoom = 'key-notices';

const stock = {
  device_id: Uuid.describe('Your own device: the session of this socket.'),
  one_time_keys: z
    .int()
    .min(0)
    .meta({ description: 'One-time pre-keys in stock.', examples: [19] }),
};

/** A device whose one-time pre-keys run low; becomes a frame on its sockets. */
export const KeyNotice = z.object({ user_id: Uuid, at: Timestamp, ...stock });
export type KeyNotice = z.infer<typeof KeyNotice>;

/** What is sent to that room: the devices of one user that run low. */
export const KeyNotices = z.object({ notices: z.array(KeyNotice) });

/** What a device is told of its own keys, over its sockets for all conversations. */
export const KeysLowFrame = z
  .object({ type: z.literal('keys_low'), at: Timestamp, data: z.object(stock) })
  .describe('The one-time pre-keys of this device run low: upload more.');
export type KeysLowFrame = z.infer<typeof KeysLowFrame>;
