import { createHmac, randomBytes } from 'node:crypto';

/** An id in the log for something that must not be logged itself, such as a client's address. */
export type LogId = (text: string) => string;

/**
 * The same text has the same id in every process that has the secret, so that related lines can be
 * found; without the secret an id does not reveal the text, not even by trying all of them. Without
 * a secret, ids are comparable only within this process.
 */
export function createLogId(secret: string | undefined): LogId {
  // A key of its own: the secret signs tokens, and nothing here may help to guess it.
  const key = createHmac('sha256', secret ?? randomBytes(32))
    .update('ids in the log')
    .digest();
  return (text) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 16);
}
