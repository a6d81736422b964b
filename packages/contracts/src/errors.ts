import { z } from 'zod';

/** The error codes of the envelope, with their HTTP statuses. */
export const errorStatuses = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  EMAIL_NOT_VERIFIED: 403,
  STEP_UP_REQUIRED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PEER_AWAY: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  ACCOUNT_LOCKED: 423,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
} as const satisfies Readonly<Record<string, number>>;

export const ErrorCode = z.enum(
  Object.keys(errorStatuses) as [keyof typeof errorStatuses, ...Array<keyof typeof errorStatuses>],
);
export type ErrorCode = keyof typeof errorStatuses;
