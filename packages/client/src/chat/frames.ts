import type { Schemas } from '../http/routes.ts';

export type Message = Schemas['Message'];
export type ServerFrame = Schemas['ChatServerFrame'];

/** What happens in the conversations of a user, without the answers to frames. */
export type ChatEvent = Exclude<
  ServerFrame,
  { readonly type: 'ack' | 'resumed' | 'error' | 'keys_low' }
>;

/** The one-time pre-keys of this device run low; `one_time_keys` are left. */
export type KeysLow = Extract<ServerFrame, { readonly type: 'keys_low' }>['data'];

/** A message to be sent, as the body of `POST /v1/messages`. */
export type NewMessage = Schemas['Routes']['POST /v1/messages']['body'];
