import type { Failure } from '@secureconnect/degraded-mode';

/** Error replies that mean "this server cannot serve now" (src/server.c, src/networking.c). */
const serverCannotServe = new Set([
  'READONLY',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'NOAUTH',
  'WRONGPASS',
  'DENIED',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'TRYAGAIN',
  'BUSY',
]);

/** What ioredis 5.11 says when there is no usable connection; these are plain Errors. */
const noConnection: readonly [RegExp, string][] = [
  [/^Stream isn't writeable and enableOfflineQueue options is false/, 'not ready'],
  [/^Connection is closed\./, 'closed'],
  [/^Command aborted due to connection close/, 'closed'],
  [/^Reached the max retries per request limit/, 'closed'],
];

/**
 * The failure that a rejected command of ioredis stands for, or undefined when the error is the
 * caller's fault (WRONGTYPE, a script error, NOSCRIPT, a wrong argument) or not one of Redis at all:
 * a port may use a database too, whose errors must not be taken for those of Redis.
 */
export function classify(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ReplyError') return classifyReply(error);
  if (error.name === 'ParserError') return hard('protocol');
  if (error.message === 'Command timed out') return { severity: 'timeout', reason: 'timed out' };
  const known = noConnection.find(([pattern]) => pattern.test(error.message));
  return known && hard(known[1]);
}

/** The failure that an error of a connection stands for: whatever it is, it lies with Redis. */
export function connectionFailure(error: unknown): Failure {
  const known = classify(error);
  if (known !== undefined) return hard(known.reason);
  if (!(error instanceof Error)) return hard('connection');
  if ('code' in error && typeof error.code === 'string') return hard(error.code);
  return hard(
    error.message.startsWith('All sentinels are unreachable') ? 'sentinels' : 'connection',
  );
}

function hard(reason: string): Failure {
  return { severity: 'hard', reason };
}

function classifyReply(error: Error): Failure | undefined {
  const code = error.message.split(' ', 1)[0] ?? '';
  if (serverCannotServe.has(code)) return hard(code);
  if (error.message.startsWith('ERR max number of clients')) return hard('maxclients');
  if (code !== 'EXECABORT') return undefined;
  // A transaction was discarded: why, say the replies to its commands.
  const causes = 'previousErrors' in error ? error.previousErrors : undefined;
  if (!Array.isArray(causes)) return undefined;
  return causes.map(classify).find((failure) => failure !== undefined);
}
