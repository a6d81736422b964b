import { createHmac, randomBytes } from 'node:crypto';

/** Names something in the log that must not stand there itself, such as a client's address. */
export type LogId = (text: string) => string;

/**
 * The same text has the same id in every process that has the secret, so that what belongs together
 * can be found; without the secret nobody can tell which text that is, not by trying all of them
 * either. Without a secret, ids mean something in this process alone.
 */
export function createLogId(secret: string | undefined): LogId {
  // A key of its own: the secret signs tokens, and nothing here may help to guess it.
  const key = createHmac('sha256', secret ?? randomBytes(32))
    .update('ids in the log')
    .digest();
  return (text) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 16);
}
