import { LostReplyError, RefusedError, SignedOutError } from '@secureconnect/client';
import { CommandError, RouteError, UsageError } from './errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** How a command has failed: the code of its process, and one line that says what to do. */
export interface Failure {
  readonly code: ExitCode;
  readonly line: string;
}

/** What to say of an error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return { code: error.code, line: error.message };
  if (error instanceof UsageError) return { code: exitCodes.usage, line: error.message };
  const route = error instanceof RouteError ? error.route : undefined;
  const cause = error instanceof RouteError ? error.cause : error;
  if (cause instanceof RefusedError) return refusal(cause, route);
  if (cause instanceof LostReplyError) return lostReply(cause, route);
  if (cause instanceof SignedOutError)
    return { code: exitCodes.signedOut, line: `${cause.message} Run "secureconnect login".` };
  return { code: exitCodes.fault, line: `Unexpected: ${oneLine(String(cause))}` };
}

function refusal(error: RefusedError, route: string | undefined): Failure {
  const who = route ?? 'The server';
  const message = sentence(error.message);
  if (error.isDegraded) {
    const why = 'because the server has lost its Redis. Nothing has happened';
    return {
      code: exitCodes.refusedForNow,
      line: `${who} refuses for now, ${why}; ${when(error)}. (${message})`,
    };
  }
  if (error.isUndone) {
    return {
      code: exitCodes.refusedForNow,
      line: `${who} refuses for now: ${message} Nothing has happened; ${when(error)}.`,
    };
  }
  if (error.code === 'STEP_UP_REQUIRED') {
    const line = `${who} needs a sign-in of the last minutes: run "secureconnect login" again.`;
    return { code: exitCodes.signedOut, line };
  }
  const code = error.status === 401 ? exitCodes.signedOut : exitCodes.refused;
  return { code, line: `${who} refuses: ${message}${detailsOf(error)}${traceOf(error)}` };
}

function when({ retryAfterSeconds }: RefusedError): string {
  if (retryAfterSeconds === undefined) return 'try again later';
  return `try again in ${retryAfterSeconds} s`;
}

function detailsOf({ details }: RefusedError): string {
  return details.map(({ field, message }) => ` ${field}: ${sentence(message)}`).join('');
}

/** Names the request, for the logs of the server. */
function traceOf({ requestId, status }: RefusedError): string {
  return requestId === undefined || status < 500 ? '' : ` (request ${requestId})`;
}

function lostReply(error: LostReplyError, route: string | undefined): Failure {
  const isRead = route === undefined || route.startsWith('GET ');
  const doubt = isRead ? '' : ' It is unknown whether the request had its effect.';
  const line = `${sentence(error.message)}${doubt} Check the address (--url) and the network, then try again.`;
  return { code: exitCodes.noReply, line };
}

function sentence(text: string): string {
  const line = oneLine(text);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function oneLine(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}
