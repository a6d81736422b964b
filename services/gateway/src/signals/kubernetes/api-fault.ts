import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';

/** The API server did not answer, or the credentials could not be read. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The API server's error reply (a `Status` of `v1`). */
const Refusal = z.object({ reason: z.string().default(''), message: z.string().default('') });

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
  if (!(error instanceof ApiException)) return undefined;
  const { reason, message } = refusalOf(error.body);
  const said = `${error.code} ${reason}: ${message}`;
  if (error.code === 404) return { kind: 'not-found', message: said };
  if (error.code === 409) return { kind: reason === 'AlreadyExists' ? 'exists' : 'conflict' };
  const isUnavailable = error.code >= 500 || passing.has(error.code);
  return isUnavailable ? { kind: 'unavailable', message: said } : undefined;
}

function refusalOf(body: unknown): z.infer<typeof Refusal> {
  return Refusal.safeParse(typeof body === 'string' ? json(body) : body).data ?? Refusal.parse({});
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Something in between has answered: its status says enough.
  }
}
