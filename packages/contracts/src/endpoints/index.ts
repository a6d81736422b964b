export * as auth from './auth.ts';
