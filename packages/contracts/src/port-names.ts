// Written by `npm run generate` from the route tables.

/** The ports of each service that declare what happens without their dependency. */
export const portNames = {
  gateway: ['deduplication', 'rate-limit', 'revocations', 'storms'],
  auth: [
    'blacklist',
    'directory',
    'drills',
    'failed-logins',
    'new-sessions',
    'reset-tokens',
    'revocations',
    'sessions',
  ],
  chat: ['directory', 'fan-out', 'presence', 'revocations'],
  video: ['fan-out', 'push', 'revocations'],
} as const;
