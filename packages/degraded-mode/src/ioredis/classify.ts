import { ReplyError } from 'ioredis';
import type { Failure } from '../failure.ts';
import { CannotServe } from '../redis/cannot-serve.ts';
import { readErrorReply } from '../redis/error-reply.ts';
import { rejectedCommand, UnexpectedReply } from './command-errors.ts';

/** The messages of ioredis 5.11 without a usable connection; these are plain Errors. */
const noConnection: readonly [RegExp, string][] = [
  [/^Stream isn't writeable and enableOfflineQueue options is false/, 'not ready'],
  [/^Connection is closed\./, 'closed'],
  [/^Command aborted due to connection close/, 'closed'],
  [/^Reached the max retries per request limit/, 'closed'],
  [/^Cluster isn't ready and enableOfflineQueue options is false/, 'not ready'],
  [/^None of startup nodes is available/, 'closed'],
  [/^Cluster is ended/, 'closed'],
  [/^Too many Cluster redirections/, 'redirected'],
];

/**
 * Classifies an error; undefined if it is not one of Redis, because a port may also use a database.
 * The origin of the error, never its message, decides that; the message only distinguishes our
 * mistakes from faults of Redis.
 */
export function classify(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CannotServe) return hard(error.message);
  if (error instanceof UnexpectedReply) return { severity: 'bug', reason: `reply ${error.asked}` };
  if (isErrorReply(error)) return classifyReply(error);
  if (rejectedCommand(error) === undefined) return undefined;
  if (error.message === 'Command timed out') return { severity: 'timeout', reason: 'timed out' };
  return withoutReply(error);
}

/** Classifies an error of a connection, which is always a failure of Redis. */
export function connectionFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return hard('connection');
  const failure = classify(error);
  return failure === undefined ? withoutReply(error) : { ...failure, severity: 'hard' };
}

/** Whether it is an error reply; ioredis does not type the class. */
function isErrorReply(error: Error): boolean {
  return error instanceof ReplyError;
}

function hard(reason: string): Failure {
  return { severity: 'hard', reason };
}

/** Classifies an error without a reply. */
function withoutReply(error: Error): Failure {
  const known = noConnection.find(([pattern]) => pattern.test(error.message));
  if (known !== undefined) return { ...hard(known[1]), isVague: true };
  if (error.name === 'ParserError') return hard('protocol');
  return hard('code' in error && typeof error.code === 'string' ? error.code : 'connection');
}

function classifyReply(error: Error): Failure {
  const { code, isBug } = readErrorReply(error.message);
  // A transaction was discarded; the replies to its commands have the reason.
  const causes = code === 'EXECABORT' && 'previousErrors' in error ? error.previousErrors : [];
  const failures = Array.isArray(causes) ? causes.map(classify) : [];
  const cause = failures.find((failure) => failure?.severity === 'hard') ?? failures[0];
  if (cause !== undefined) return cause;
  const command = commandOf(error);
  const reason = command === undefined || code === 'maxclients' ? code : `${code} ${command}`;
  return { severity: isBug ? 'bug' : 'hard', reason };
}

/** The name of the command with an error reply; the client's own commands are not marked. */
function commandOf(error: Error): string | undefined {
  const known = rejectedCommand(error);
  if (known !== undefined) return known;
  const command: unknown = 'command' in error ? error.command : undefined;
  if (typeof command !== 'object' || command === null || !('name' in command)) return undefined;
  return typeof command.name === 'string' ? command.name : undefined;
}
