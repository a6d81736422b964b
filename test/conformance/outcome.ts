import type { Declared } from './declared.ts';

/** What came back. */
export interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly isJson: boolean;
  /** The header `X-Degraded`. */
  readonly degraded: string | null;
  readonly retryAfter: string | null;
  readonly durationMs: number;
}

/**
 * What the declared outcome of a request is.
 *
 * - `normal`: Redis is up.
 * - `degraded`: Redis serves nothing, or is known to be down. Only the declared fallback is right.
 * - `either`: Redis fails in part, or is just failing, and may have served this request. Right is
 *   the normal reply; or the refusal, if a port of the row fails closed; or the ordinary reply in
 *   which some of the declared fallbacks answered, and which names exactly those.
 */
export type Expected = 'normal' | 'degraded' | 'either';

/** No request may take longer, whatever Redis does. */
const maxMs = 2000;

/**
 * What is wrong with an outcome; undefined when nothing is.
 * @param slowMs how long this machine was too busy meanwhile
 */
export function wrongOutcome(
  expected: Expected,
  declared: Declared,
  outcome: Outcome,
  slowMs = 0,
): string | undefined {
  if (outcome.durationMs - slowMs > maxMs) return `took ${Math.round(outcome.durationMs)} ms`;
  switch (expected) {
    case 'normal':
      return wrongReply(declared, outcome, []);
    case 'degraded':
      if (declared.closed !== undefined) return wrongRefusal(declared, outcome);
      return wrongReply(declared, outcome, [...declared.own, ...declared.passed]);
    case 'either': {
      if (outcome.status === 503 && declared.closed !== undefined) {
        return wrongRefusal(declared, outcome);
      }
      return wrongReply(declared, outcome, namesIn(outcome.degraded));
    }
  }
}

/** @param names which fallbacks must be named */
function wrongReply(
  declared: Declared,
  outcome: Outcome,
  names: readonly string[],
): string | undefined {
  const { status, text, degraded } = outcome;
  if (status !== declared.normalStatus) {
    return `${status} instead of ${declared.normalStatus}: ${text.slice(0, 200)}`;
  }
  const unknown = names.filter((name) => ![...declared.own, ...declared.passed].includes(name));
  if (unknown.length > 0) return `not declared: ${unknown.join(', ')}`;
  if (!sameNames(namesIn(degraded), names)) {
    return `X-Degraded "${degraded ?? ''}" instead of "${[...new Set(names)].join(', ')}"`;
  }
  return wrongMeta(declared, outcome, names);
}

/** The body names the ports of the row that served it; the gateway's stand in the header alone. */
function wrongMeta(
  { own, passed }: Declared,
  { isJson, status, text }: Outcome,
  names: readonly string[],
): string | undefined {
  if (!isJson || status >= 400) return undefined;
  const listed = metaOf(text);
  const must = names.filter((name) => own.includes(name) && !passed.includes(name)).map(portOf);
  const may = names.filter((name) => own.includes(name)).map(portOf);
  const isRight =
    must.every((port) => listed.includes(port)) && listed.every((port) => may.includes(port));
  return isRight ? undefined : `meta.degraded [${listed.join(', ')}] beside ${names.join(', ')}`;
}

function metaOf(text: string): string[] {
  const { meta } = JSON.parse(text) as { meta?: { degraded?: string[] } };
  return meta?.degraded ?? [];
}

function wrongRefusal({ closed, own, passed }: Declared, outcome: Outcome): string | undefined {
  const { status, text, retryAfter, degraded } = outcome;
  if (closed?.fallback.kind !== 'failClosed') return 'refused, which no port declares';
  if (status !== 503) return `${status} instead of 503`;
  const message = `${closed.row.operation} is operating in degraded mode due to Redis unavailability`;
  const body = `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${message}"}`;
  if (text !== body) return `another body: ${text.slice(0, 200)}`;
  if (retryAfter !== String(closed.fallback.retryAfterSeconds)) return `Retry-After ${retryAfter}`;
  const unknown = namesIn(degraded).filter((name) => ![...own, ...passed].includes(name));
  return unknown.length > 0 ? `not declared: ${unknown.join(', ')}` : undefined;
}

/** What a header `X-Degraded` names: `presence=skip`, `fan-out=local`. */
export function namesIn(degraded: string | null): string[] {
  return degraded === null ? [] : degraded.split(', ');
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...new Set(some)].sort().join() === [...new Set(others)].sort().join();
}

function portOf(name: string): string {
  return name.split('=')[0] ?? '';
}
