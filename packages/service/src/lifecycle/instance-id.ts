import { randomBytes } from 'node:crypto';

/** A name for a process of a service, which says nothing of where it runs. */
export function newInstanceId(): string {
  return randomBytes(4).toString('hex');
}
