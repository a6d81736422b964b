import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';

/** No word came from the API server, or nothing to present oneself with was to be had. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** What the API server says when it does not do what it was asked (a `Status` of `v1`). */
const Refusal = z.object({ reason: z.string().default(''), message: z.string().default('') });

/** Why a call failed. */
export type ApiFault =
  /** Another has changed or made the object meanwhile. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'not-found'; readonly message: string }
  /** Passing, or for an operator to mend: the same call may work later. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Statuses that no change of what was asked would have avoided: who asks, when, and how often. */
const passing = new Set([401, 403, 408, 410, 429]);

/** What a failure means; undefined for one that lies with us, such as an object that is not valid. */
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
