export * as auth from './auth.ts';
export * as common from './common.ts';
export * as signals from './signals.ts';
export * as chat from './chat.ts';
