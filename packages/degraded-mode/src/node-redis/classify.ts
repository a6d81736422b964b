import {
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ErrorReply,
  MultiErrorReply,
  RootNodesUnavailableError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
  TimeoutError,
} from 'redis';
import type { Failure } from '../failure.ts';
import { CannotServe } from '../redis/cannot-serve.ts';
import { readErrorReply } from '../redis/error-reply.ts';

/**
 * Errors that a client has reported of its connections. It reports each before the commands are
 * rejected with the same object, which may be the plain error of a socket, as a database has it.
 */
const ofConnections = new WeakSet<Error>();

/** The classes of errors without a usable connection. */
const noConnection: readonly (readonly [new (...values: never[]) => Error, string])[] = [
  [ClientOfflineError, 'not ready'],
  [ClientClosedError, 'closed'],
  [DisconnectsClientError, 'closed'],
  [SocketClosedUnexpectedlyError, 'closed'],
  [RootNodesUnavailableError, 'closed'],
];

/** Marks an error as one of a connection to Redis. */
export function markConnectionError(error: unknown): void {
  if (error instanceof Error) ofConnections.add(error);
}

/**
 * Classifies an error; undefined if it is not one of Redis, because a port may also use a database.
 * The origin of the error, never its message, decides that.
 */
export function classify(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CannotServe) return hard(error.message);
  if (error instanceof MultiErrorReply) return classifyTransaction(error);
  if (error instanceof ErrorReply) {
    const { code, isBug } = readErrorReply(error.message);
    return { severity: isBug ? 'bug' : 'hard', reason: code };
  }
  if (error instanceof SocketTimeoutError || error instanceof TimeoutError) {
    return { severity: 'timeout', reason: 'timed out' };
  }
  const known = noConnection.find(([type]) => error instanceof type);
  if (known !== undefined) return { ...hard(known[1]), isVague: true };
  if (error instanceof ConnectionTimeoutError) return hard('ETIMEDOUT');
  return ofConnections.has(error) ? hard(codeOf(error)) : undefined;
}

/** Classifies an error of a connection, which is always a failure of Redis. */
export function connectionFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return hard('connection');
  const failure = classify(error);
  return failure === undefined ? hard(codeOf(error)) : { ...failure, severity: 'hard' };
}

function hard(reason: string): Failure {
  return { severity: 'hard', reason };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'connection';
}

/** A fault of Redis before a mistake. */
function classifyTransaction({ replies }: MultiErrorReply): Failure | undefined {
  const failures = replies.map(classify).filter((failure) => failure !== undefined);
  return failures.find(({ severity }) => severity === 'hard') ?? failures[0];
}
