import { type ExitCode, exitCodes } from './exit-codes.ts';

/** A wrong value on the command line or in the environment. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An end with an error whose sentence is complete: what was wrong, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The error of a request, with the route that was asked. */
export class RouteError extends Error {
  override readonly name = 'RouteError';
  readonly route: string;

  constructor(route: string, cause: unknown) {
    super(`${route} failed`, { cause });
    this.route = route;
  }
}

export function usageErrorExpecting(what: string, given: string, expected: string): UsageError {
  return new UsageError(`${what} is "${given}"; expected ${expected}.`);
}

export const notSignedIn = () =>
  new CommandError(exitCodes.signedOut, 'Nobody is signed in; run "secureconnect login" first.');
