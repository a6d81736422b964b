export * from './chat/conversations.ts';
export * from './chat/messages.ts';
export * from './chat/presence.ts';
export * from './chat/socket.ts';
