export * as auth from './auth.ts';
export * as chat from './chat.ts';
