// Written by `npm run generate` from the route tables.

/** The ports of each service that declare what happens without a dependency, by its name. */
export const portNames = {
  gateway: {
    auth: ['auth-service'],
    chat: ['chat-service'],
    redis: ['deduplication', 'rate-limit', 'revocations', 'storms'],
    remediation_store: ['remediation-requests'],
    storage: ['storage-service'],
    video: ['video-service'],
  },
  auth: {
    redis: [
      'blacklist',
      'directory',
      'drills',
      'failed-logins',
      'key-notices',
      'new-sessions',
      'reset-tokens',
      'revocations',
      'sessions',
    ],
  },
  chat: {
    message_store: ['messages'],
    redis: ['directory', 'fan-out', 'presence', 'revocations'],
  },
  video: {
    redis: ['fan-out', 'push', 'revocations'],
  },
  storage: {
    object_store: ['objects', 'removals'],
    scan_hook: ['scans'],
  },
} as const;
