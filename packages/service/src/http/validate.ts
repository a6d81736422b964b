import { type ValueSource, validationDetails } from '@secureconnect/contracts';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** Parses a part of a request by its schema. Throws VALIDATION_ERROR naming each wrong field. */
export function validate(
  source: ValueSource,
  schema: z.ZodType | undefined,
  value: unknown,
): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = validationDetails(parsed.error, source);
  const first = details[0];
  const message =
    first === undefined ? 'The request is not valid.' : `${first.field} ${first.message}`;
  throw new ApiError('VALIDATION_ERROR', message, { details });
}
