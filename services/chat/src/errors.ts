import { ApiError } from '@secureconnect/service';

/** Also for what there is but the user may not know of. */
export function notFound(message = 'There is no such conversation.'): ApiError {
  return new ApiError('NOT_FOUND', message);
}

/** Fields of a body that were well-formed and still wrong. */
export function invalidFields(fields: readonly string[], message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${fields[0] ?? 'body'} ${message}`, {
    details: fields.map((field) => ({ field, message })),
  });
}

/** One of two users has blocked the other; which of them is nobody's business. */
export function outOfReach(): ApiError {
  return new ApiError('FORBIDDEN', 'You and this user cannot reach each other.');
}
