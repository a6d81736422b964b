export * from './auth/audit.ts';
export * from './auth/blocks.ts';
export * from './auth/devices.ts';
export * from './auth/email.ts';
export * from './auth/oidc.ts';
export * from './auth/password-reset.ts';
export * from './auth/sign-in.ts';
export * from './auth/users.ts';
