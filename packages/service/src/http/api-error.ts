import { type ErrorCode, errorStatuses } from '@secureconnect/contracts';
import type { SecurityEvent, SecuritySubject } from '../observability/security-events.ts';

export interface ApiErrorOptions {
  /** What was wrong, field by field. */
  readonly details?: readonly { field: string; message: string }[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The security event of this refusal; it is logged with the reply. */
  readonly security?: { readonly event: SecurityEvent } & SecuritySubject;
}

/** An error that is meant for the client, with the envelope's code and its status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly options: ApiErrorOptions;

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message);
    this.code = code;
    this.status = errorStatuses[code];
    this.options = options;
  }
}
