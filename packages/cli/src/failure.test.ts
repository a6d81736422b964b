import { LostReplyError, RefusedError, SignedOutError } from '@secureconnect/client';
import { describe, expect, it } from 'vitest';
import { CommandError, RouteError, UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { failureOf } from './failure.ts';

const refusal = {
  ...{ status: 403, code: 'FORBIDDEN', message: 'You are not an administrator' },
  ...{ details: [], requestId: 'r-1', retryAfterSeconds: undefined },
};
const refused = (more: Partial<typeof refusal> | { readonly retryAfterSeconds: number }) =>
  new RouteError('POST /v1/things', new RefusedError({ ...refusal, ...more }));

describe('what is said of an error', () => {
  it('names the route that refuses for want of Redis, why, and when to try again', () => {
    const message = 'things is operating in degraded mode due to Redis unavailability';
    const degraded = { status: 503, code: 'SERVICE_DEGRADED', message, retryAfterSeconds: 5 };
    expect(failureOf(refused(degraded))).toEqual({
      code: exitCodes.refusedForNow,
      line: `POST /v1/things refuses for now, because the server has lost its Redis. Nothing has happened; try again in 5 s. (${message}.)`,
    });
  });

  it.each([
    [503, 'SERVICE_UNAVAILABLE'],
    [429, 'RATE_LIMITED'],
  ])('says of %i that nothing has happened', (status, code) => {
    const failure = failureOf(refused({ status, code, message: 'Too much.' }));
    expect(failure).toEqual({
      code: exitCodes.refusedForNow,
      line: 'POST /v1/things refuses for now: Too much. Nothing has happened; try again later.',
    });
  });

  it('says why a request is refused for good, and which field is wrong', () => {
    expect(failureOf(refused({}))).toEqual({
      code: exitCodes.refused,
      line: 'POST /v1/things refuses: You are not an administrator.',
    });
    const details = [{ field: 'body.seconds', message: 'expected at most 3600' }];
    const error = new RefusedError({ ...refusal, details });
    expect(failureOf(error).line).toBe(
      'The server refuses: You are not an administrator. body.seconds: expected at most 3600.',
    );
  });

  it('names the request of a fault of the server', () => {
    const { line } = failureOf(refused({ status: 500, message: 'Something went wrong.' }));
    expect(line).toContain('(request r-1)');
  });

  it('says after a lost reply whether the request may have had its effect', () => {
    const lost = new LostReplyError('no reply to POST /v1/things');
    const { code, line } = failureOf(new RouteError('POST /v1/things', lost));
    expect(code).toBe(exitCodes.noReply);
    expect(line).toContain('It is unknown whether the request had its effect.');
    expect(failureOf(new RouteError('GET /v1/things', lost)).line).not.toContain('unknown');
  });

  it('sends to the login where the session is over', () => {
    const ended = new SignedOutError('The session has ended: sign in again.');
    expect(failureOf(ended)).toMatchObject({ code: exitCodes.signedOut });
    expect(failureOf(ended).line).toContain('secureconnect login');
  });

  it('keeps the sentences of commands, and shows no stack of a fault', () => {
    const own = new CommandError(exitCodes.found, 'Two faults.');
    expect(failureOf(own)).toEqual({ code: exitCodes.found, line: 'Two faults.' });
    expect(failureOf(new UsageError('Wrong.'))).toEqual({ code: exitCodes.usage, line: 'Wrong.' });
    const fault = failureOf(new TypeError('x is not\na function'));
    expect(fault).toEqual({
      code: exitCodes.fault,
      line: 'Unexpected: TypeError: x is not a function',
    });
  });
});
