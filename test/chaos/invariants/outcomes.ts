import { localLimitBody } from '@secureconnect/degraded-mode';
import { closeCodes } from '@secureconnect/realtime';
import { declared } from '../declared.ts';
import type { History, Operation, Span } from '../history.ts';
import { coveredMs, outagesOf, overlaps, starvedSpansOf } from '../outages.ts';
import { type Granted, grantedByLimit, limitKeyOf } from './granted.ts';
import type { Invariant } from './invariant.ts';
import { inWords } from './replies.ts';

/** No reply takes longer, whatever Redis does; beside what the machine itself had no time. */
const maxMs = 2000;
/** After a restart the gateway's old connections are found to be dead one by one. */
const restartGraceMs = 1500;
/** A limit looks back on one bucket of five seconds more than a minute. */
const lookBackMs = 66_000;

interface Surroundings {
  readonly outages: readonly Span[];
  readonly starved: readonly Span[];
  readonly granted: ReadonlyMap<string, Granted>;
  readonly history: History;
}

/** Status, body and headers of every reply against what its row declares. */
export const outcomes: Invariant = {
  name: 'no reply is outside its row’s declared set, and none takes longer than 2 s',
  judge(history) {
    const granted = grantedByLimit(history.operations);
    const starved = starvedSpansOf(history);
    const surroundings = { outages: outagesOf(history), starved, granted, history };
    const broken = history.operations.flatMap((operation) => {
      const wrong = whatIsWrong(operation, surroundings);
      return wrong === undefined ? [] : [`${wrong}; ${inWords(operation)}`];
    });
    const { operations } = history;
    const slowest = Math.max(0, ...operations.map((one) => ownMsOf(one, starved)));
    const machine = coveredMs(starved, 0, Number.POSITIVE_INFINITY) / 1000;
    const seen = `${operations.length} replies, the slowest after ${slowest.toFixed(0)} ms`;
    return {
      broken,
      judged: operations.length,
      seen: `${seen}, beside ${machine.toFixed(1)} s of a busy machine`,
    };
  },
};

function whatIsWrong(operation: Operation, surroundings: Surroundings): string | undefined {
  const { status, expected } = operation;
  const duringRestart = isDuringRestart(operation, surroundings.history);
  const ownMs = ownMsOf(operation, surroundings.starved);
  if (ownMs > maxMs && !duringRestart) return `took ${ownMs.toFixed(0)} ms`;
  if (expected.includes(status)) return wrongHeader(operation, surroundings);
  if (isForStarvedDatabase(operation, surroundings)) return undefined;
  if (isGivenUpForStarvation(operation)) return undefined;
  if (status === 429) return wrongLimit(operation, surroundings);
  if (isUnreached(operation) && duringRestart) return undefined;
  if (status === 503) return wrongRefusal(operation, surroundings);
  if (isClosedForRevocation(operation, surroundings.history)) return undefined;
  const unreachable = status === 0 || status === 502 || status === 504;
  if (unreachable && duringRestart) return undefined;
  return `${status} is not declared: ${operation.body.slice(0, 300)}`;
}

/** The gateway found no instance of the service. */
function isUnreached({ status, body, retryAfter }: Operation): boolean {
  const isSo = /"The (auth|chat|video|storage) service cannot be reached; try again\."/.test(body);
  return status === 503 && retryAfter === '2' && isSo;
}

/** How long an operation took, without what the machine had no time for it. */
function ownMsOf({ startMs, endMs }: Operation, starved: readonly Span[]): number {
  const tookMs = endMs - startMs;
  // As a rule nobody has to look.
  return tookMs > maxMs ? tookMs - coveredMs(starved, startMs, endMs) : tookMs;
}

const databaseUnavailable = /The database (cannot be reached|did not answer in time); try again\./;
/** It is waited for so long, for a connection or a statement; no fault strikes it. */
const databaseMs = 1500;

/**
 * The database did not answer in time, because the machine had no time for it or for its client.
 */
function isForStarvedDatabase(
  { name, status, body, startMs, endMs }: Operation,
  { starved }: Surroundings,
): boolean {
  const isUnavailable = status >= 400 && databaseUnavailable.test(body);
  // Like a page, a user is not told why a socket does not open.
  const mayBeUnavailable = isUnavailable || (status === 0 && name.startsWith('open '));
  return mayBeUnavailable && coveredMs(starved, startMs, endMs) >= databaseMs;
}

const givenUp = 'The operation was aborted due to timeout';

/**
 * The user gave up after longer than a reply may take. That it took too long by itself has been judged
 * by then, so what is left is the time that the machine lacked.
 */
function isGivenUpForStarvation({ status, body, startMs, endMs }: Operation): boolean {
  return status === 0 && body.includes(givenUp) && endMs - startMs > maxMs;
}

/** The session of a socket had been ended, and the socket went with it before it could answer. */
function isClosedForRevocation(
  { user, facts, endMs }: Operation,
  { operations }: History,
): boolean {
  if (facts.closedWith !== closeCodes.tokenRevoked.code) return false;
  return operations.some(
    (one) =>
      one.user === user &&
      (one.name === 'logout' || one.name === 'end device') &&
      one.status === 200 &&
      one.endMs < endMs,
  );
}

/** Of the service that is asked for, or of the gateway through which it is. */
function isDuringRestart(
  { name, entry, startMs, endMs }: Operation,
  { restarts }: History,
): boolean {
  const own = restarts.filter(
    ({ instance }) => instance === entry || instance.startsWith(declared[name].service),
  );
  const spans = own.map(({ beginMs, endMs }) => ({ beginMs, endMs: endMs + restartGraceMs }));
  return overlaps(spans, startMs, endMs);
}

function wrongHeader(operation: Operation, { outages }: Surroundings): string | undefined {
  const { degraded, name, startMs, endMs } = operation;
  if (degraded === null) return undefined;
  const undeclared = degraded.split(', ').filter((entry) => !declared[name].degraded.has(entry));
  if (undeclared.length > 0) return `X-Degraded has ${undeclared.join(', ')}`;
  return overlaps(outages, startMs, endMs) ? undefined : `degraded without an outage: ${degraded}`;
}

/**
 * Refused by the limiter, so enough must have been granted: without Redis a gateway's share of the
 * limit, and less still by what it counted twice because a command timed out that had run.
 */
function wrongLimit(operation: Operation, { granted, history }: Surroundings): string | undefined {
  const { body, limit, startMs, endMs } = operation;
  if (limit === undefined) return '429 without a limit';
  const isLocal = body === JSON.stringify(localLimitBody);
  if (!isLocal && JSON.parse(body).error?.code !== 'RATE_LIMITED') return `429 with ${body}`;
  const before = granted
    .get(limitKeyOf(operation))
    ?.granted.filter((one) => one.endMs > startMs - lookBackMs && one.startMs < endMs);
  const least = limit.perMinute / (history.gateways + 1);
  const count = before?.length ?? 0;
  return count < least ? `429 after ${count} of ${limit.perMinute} requests` : undefined;
}

function wrongRefusal(operation: Operation, surroundings: Surroundings): string | undefined {
  const { outages } = surroundings;
  const { name, body, retryAfter, startMs, endMs } = operation;
  const { refusal } = declared[name];
  if (isHeld(operation)) return wrongHold(operation, surroundings);
  if (refusal === undefined) return `503 by a row that never refuses: ${body.slice(0, 300)}`;
  if (body !== refusal.body) return `503 with another body: ${body.slice(0, 300)}`;
  if (retryAfter !== refusal.retryAfter) return `503 with Retry-After ${retryAfter}`;
  return overlaps(outages, startMs, endMs) ? undefined : '503 without an outage';
}

/** Another delivery of the same alert was being taken: the ingest's other 503. */
function isHeld({ name, body }: Operation): boolean {
  return name === 'deliver alerts' && JSON.parse(body).error?.code === 'SERVICE_UNAVAILABLE';
}

/** Who crashed or lost Redis holds an alert for 5 s at most. */
const maxHoldMs = 5000;

function wrongHold(operation: Operation, { outages, history }: Surroundings): string | undefined {
  const { facts, retryAfter, startMs, endMs } = operation;
  if (retryAfter !== '1') return `503 with Retry-After ${retryAfter}`;
  const own = new Set(facts.alerts?.map(({ fingerprint }) => fingerprint));
  const isShared = history.operations.some(
    (other) =>
      other !== operation &&
      other.startMs <= endMs &&
      startMs <= other.endMs &&
      (other.facts.alerts ?? []).some(({ fingerprint }) => own.has(fingerprint)),
  );
  const isLeftOver = overlaps(outages, startMs - maxHoldMs, endMs);
  return isShared || isLeftOver ? undefined : '503 for an alert that nobody else delivers';
}
