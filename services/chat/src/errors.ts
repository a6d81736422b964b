import { ApiError } from '@secureconnect/service';

/** NOT_FOUND, also for things that exist but that the user may not know about. */
export function notFound(message = 'There is no such conversation.'): ApiError {
  return new ApiError('NOT_FOUND', message);
}

/** VALIDATION_ERROR for fields of a body that are well-formed but wrong. */
export function invalidFields(fields: readonly string[], message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${fields[0] ?? 'body'} ${message}`, {
    details: fields.map((field) => ({ field, message })),
  });
}

/** One of two users has blocked the other; the error does not reveal which. */
export function outOfReach(): ApiError {
  return new ApiError('FORBIDDEN', 'You and this user cannot reach each other.');
}
