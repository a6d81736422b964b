import {
  type AnyDeclaration,
  type Fallback,
  kebabCase,
  type RoutePolicy,
  resolveFallback,
  type Settings,
} from '@secureconnect/degraded-mode';
import type { ReachedOutcome } from './dependency-scene.ts';
import { type Expected, namesIn, type Outcome } from './outcome.ts';

/** What a row declares for the outage of one dependency. */
export interface DeclaredOutage {
  readonly normalStatus: number;
  /** What a request is refused with. */
  readonly retryAfterSeconds: number | undefined;
  /** What stands in: `removals=skip;dependency=object_store`. */
  readonly named: readonly string[];
  readonly ports: readonly { readonly port: string; readonly fallback: Fallback }[];
}

/** The fallbacks of a row's ports that a dependency backs. */
export function backedPorts(
  { whenDown = {}, backedBy = {} }: RoutePolicy,
  dependency: string,
): AnyDeclaration {
  const own = Object.entries(whenDown).filter(([port]) => backedBy[port] === dependency);
  return Object.fromEntries(own);
}

/**
 * What is right for a sample of a row while a dependency is down.
 * @param used the ports that the sample uses; default: all
 */
export function declaredOutage(
  policy: RoutePolicy,
  dependency: string,
  sample: { readonly status: number; readonly ports?: readonly string[] },
  settings: Settings,
): DeclaredOutage {
  const ports = Object.entries(backedPorts(policy, dependency))
    .filter(([port]) => sample.ports === undefined || sample.ports.includes(port))
    .map(([port, declared]) => ({ port, fallback: resolveFallback(declared, settings) }));
  const closed = ports.flatMap(({ fallback }) => (fallback.kind === 'failClosed' ? fallback : []));
  const open = ports.filter(({ fallback }) => fallback.kind !== 'failClosed');
  return {
    normalStatus: sample.status,
    retryAfterSeconds: closed[0]?.retryAfterSeconds,
    named: open.map(
      ({ port, fallback }) => `${kebabCase(port)}=${fallback.kind};dependency=${dependency}`,
    ),
    ports,
  };
}

/** No request may take longer, whatever the dependency does. */
const maxMs = 7000;

/** What is wrong with an outcome; undefined when nothing is. */
export function wrongDuringOutage(
  expected: Expected,
  declared: DeclaredOutage,
  outcome: Outcome,
): string | undefined {
  const { status, degraded, durationMs } = outcome;
  if (durationMs > maxMs) return `took ${Math.round(durationMs)} ms`;
  const mayRefuse = declared.retryAfterSeconds !== undefined && expected !== 'normal';
  if (mayRefuse && (status === 503 || expected === 'degraded')) {
    return wrongRefusal(declared, outcome);
  }
  if (status !== declared.normalStatus) {
    return `${status} instead of ${declared.normalStatus}: ${outcome.text.slice(0, 200)}`;
  }
  const names = namesIn(degraded);
  if (expected === 'either' && names.every((name) => declared.named.includes(name)))
    return undefined;
  const must = expected === 'degraded' ? declared.named : [];
  return names.join() === must.join()
    ? undefined
    : `X-Degraded "${degraded ?? ''}" instead of "${must.join(', ')}"`;
}

function wrongRefusal(
  { retryAfterSeconds }: DeclaredOutage,
  { status, text, retryAfter }: Outcome,
): string | undefined {
  if (status !== 503) return `${status} instead of 503`;
  const { error } = JSON.parse(text) as { error?: { code?: string } };
  if (error?.code !== 'SERVICE_UNAVAILABLE') return `another body: ${text.slice(0, 200)}`;
  return retryAfter === String(retryAfterSeconds) ? undefined : `Retry-After ${retryAfter}`;
}

/** What is wrong with the reply to a request that reached its dependency; undefined when nothing is. */
export function wrongOnceReached(
  { status, code }: ReachedOutcome,
  outcome: Outcome,
): string | undefined {
  if (outcome.durationMs > maxMs) return `took ${Math.round(outcome.durationMs)} ms`;
  if (outcome.status !== status) return `${outcome.status} instead of ${status}`;
  if (outcome.degraded !== null) return `X-Degraded "${outcome.degraded}"`;
  if (outcome.retryAfter !== null) return `Retry-After ${outcome.retryAfter}`;
  const { error } = JSON.parse(outcome.text) as { error?: { code?: string } };
  return error?.code === code ? undefined : `another body: ${outcome.text.slice(0, 200)}`;
}
