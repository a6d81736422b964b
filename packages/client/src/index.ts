export { Chat, type ChatHandlers } from './chat/chat.ts';
export type { ChatEvent, KeysLow, Message, NewMessage } from './chat/frames.ts';
export { type Mailing, MessageRefusedError } from './chat/mailing.ts';
export type { OutboxEntry } from './chat/outbox.ts';
export type { Outcome } from './chat/sender.ts';
export { Client, type ClientOptions, type SignIn } from './client.ts';
export type { Files, StoredFile } from './files/files.ts';
export type { UploadOptions } from './files/upload-options.ts';
export {
  type ErrorDetail,
  LostReplyError,
  RefusedError,
  SignedOutError,
} from './http/errors.ts';
export type { CallOptions } from './http/request.ts';
export type { DataOf, RequestOf, RouteName, Routes, Schemas } from './http/routes.ts';
export type { SocketEnd, SocketState } from './sockets/live-socket.ts';
export { StorageFullError } from './stores/storage-full-error.ts';
export { MemoryStore, type Store } from './stores/store.ts';
export type { Locks } from './support/locks.ts';
