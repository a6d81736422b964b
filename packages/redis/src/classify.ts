import type { Failure } from '@secureconnect/degraded-mode';

/** Error replies that mean "this server cannot serve now" (redis.io, and src/server.c). */
const serverCannotServe = new Set([
  'READONLY',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'NOAUTH',
  'WRONGPASS',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'TRYAGAIN',
]);

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'NR_CLOSED',
]);

/** What ioredis 5.11 says when there is no usable connection; these are plain Errors. */
const connectionMessages: readonly [RegExp, string][] = [
  [/Connection is closed/, 'closed'],
  [/Stream isn't writeable/, 'closed'],
  [/Command aborted due to connection close/, 'closed'],
  [/Reached the max retries per request limit/, 'closed'],
  [/All sentinels are unreachable/, 'sentinels'],
  [/Socket closed unexpectedly/, 'closed'],
];

const timeoutMessages = /Command timed out|Socket timeout/;

/**
 * The failure that an ioredis error stands for, or undefined when the error is the caller's fault
 * (WRONGTYPE, a script error, NOSCRIPT, a wrong argument).
 */
export function classify(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ReplyError') return classifyReply(error.message);
  if ('code' in error && typeof error.code === 'string') {
    if (error.code === 'ETIMEDOUT') return { severity: 'hard', reason: 'connect timed out' };
    if (networkCodes.has(error.code)) return { severity: 'hard', reason: error.code };
  }
  if (timeoutMessages.test(error.message)) return { severity: 'timeout', reason: 'timed out' };
  const known = connectionMessages.find(([pattern]) => pattern.test(error.message));
  return known ? { severity: 'hard', reason: known[1] } : undefined;
}

function classifyReply(message: string): Failure | undefined {
  const code = message.split(' ', 1)[0] ?? '';
  if (serverCannotServe.has(code)) return { severity: 'hard', reason: code };
  // A script that met the error carries it inside its own message.
  const inner = /\b(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|OOM|MISCONF|NOREPLICAS)\b/.exec(message);
  if (message.startsWith('ERR') && inner?.[1]) return { severity: 'hard', reason: inner[1] };
  return undefined;
}
