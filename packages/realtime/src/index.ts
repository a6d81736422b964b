export { type Bus, RedisBus, type RedisBusOptions } from './bus.ts';
export { type CloseCode, closeCodes } from './close-codes.ts';
export type { Connection } from './connection.ts';
export { createFanOut, type FanOut } from './fan-out.ts';
export { type Delivery, Hub } from './hub.ts';
export type { Member } from './member.ts';
export { MemberGroup } from './member-group.ts';
export type { RevocationWatch } from './session-guard.ts';
export {
  defaults as socketDefaults,
  SocketServer,
  type SocketServerOptions,
} from './socket-server.ts';
export type { Lifecycle, SocketSession } from './socket-session.ts';
