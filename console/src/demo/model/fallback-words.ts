/** What a route does instead while the Redis of a port is down, in a few words. */
export const fallbackWords: Readonly<Record<string, string>> = {
  'rate-limit': 'each server counts for itself',
  revocations: 'ended sessions are known from the last copy',
  directory: 'PostgreSQL is asked',
  'fan-out': 'other servers read it from the database',
  presence: 'nobody is told who is online',
  push: 'no push is sent',
  'new-sessions': 'no session is opened',
};
