export * as auth from './auth.ts';
export * as storage from './storage.ts';
export * as video from './video.ts';
