import { RefusedError } from '@secureconnect/client';
import { expect, it } from 'vitest';
import { errorText } from './error-text.ts';

function refused(code: string, message: string, details: RefusedError['details']): RefusedError {
  const facts = { status: 400, code, message, details };
  return new RefusedError({ ...facts, requestId: undefined, retryAfterSeconds: undefined });
}

it('names each wrong field once, in words', () => {
  const error = refused('VALIDATION_ERROR', 'body.display_name is required: expected string', [
    { field: 'body.display_name', message: 'is required: expected string' },
    { field: 'body.username', message: 'expected at least 3 characters' },
  ]);
  expect(errorText(error)).toBe(
    'Display name: is required: expected string; Username: expected at least 3 characters.',
  );
});

it('shows the message of the server for every other refusal', () => {
  const details = [{ field: 'body.email', message: 'expected one that is not taken' }];
  const message = 'This email is taken; choose a different one.';
  expect(errorText(refused('CONFLICT', message, details))).toBe(message);
});
