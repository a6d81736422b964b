import { z } from 'zod';

/** The API server did not answer, or the credentials could not be read. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A reply of the API server other than 2xx. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  /** The reason of the reply's `Status` object; empty if something in between has answered. */
  readonly reason: string;

  constructor(status: number, body: unknown) {
    const { reason, message } = StatusObject.safeParse(body).data ?? { reason: '', message: '' };
    super(`${status} ${reason}: ${message}`);
    this.status = status;
    this.reason = reason;
  }
}

/** The API server's error reply (a `Status` of `v1`). */
const StatusObject = z.object({ reason: z.string().default(''), message: z.string().default('') });

/** Why a call failed. */
export type ApiFault =
  /** A different client has changed or created the object meanwhile. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'not-found'; readonly message: string }
  /** A passing failure, or one that an operator can repair: a retry may work later. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Statuses that do not depend on the request's content, but on credentials, time or rate. */
const passing = new Set([401, 403, 408, 410, 429]);

/** Classifies a failure; undefined for our own mistakes, such as an invalid object. */
export function apiFault(error: unknown): ApiFault | undefined {
  if (error instanceof ApiUnreachable) return { kind: 'unavailable', message: error.message };
  if (!(error instanceof ApiRefusal)) return undefined;
  const { status, reason, message } = error;
  if (status === 404) return { kind: 'not-found', message };
  if (status === 409) return { kind: reason === 'AlreadyExists' ? 'exists' : 'conflict' };
  return status >= 500 || passing.has(status) ? { kind: 'unavailable', message } : undefined;
}
