/**
 * One server of the comparison, in a process of its own: a route that counts a limit in Redis and
 * says who counted it, `{"source":"redis"}` normally. Each logs no requests.
 */
export interface Subject {
  /** Opens a port of loopback. Resolves to it when Redis is connected. */
  listen(): Promise<number>;
}

/** Subjects are told apart by this header. */
export const subjectHeader = 'x-subject';
/** Requests a minute and subject: high enough never to be reached. */
export const limitPerMinute = 1_000_000;
export const windowMs = 60_000;
