export * as auth from './auth.ts';
export * as chat from './chat.ts';
export * as common from './common.ts';
export * as demo from './demo.ts';
export * as docs from './docs.ts';
export * as signals from './signals.ts';
export * as storage from './storage.ts';
export * as video from './video.ts';
