import {
  type Fallback,
  kebabCase,
  type RoutePolicy,
  resolveFallback,
  type Settings,
} from '@secureconnect/degraded-mode';
import type { SampleRequest } from '@secureconnect/testkit';
import type { SentCase } from './ways.ts';

/** What a row declares for a port that a request uses. */
export interface UsedPort {
  readonly row: RoutePolicy;
  readonly port: string;
  readonly fallback: Fallback;
}

export function usedPorts(
  row: RoutePolicy,
  settings: Settings,
  used?: readonly string[],
): UsedPort[] {
  return Object.entries(row.whenRedisDown)
    .filter(([port]) => used === undefined || used.includes(port))
    .map(([port, declared]) => ({
      row,
      port,
      fallback: resolveFallback(declared, settings),
    }));
}

/** What is declared for one request, by the row that serves it and by the gateway's. */
export interface Declared {
  readonly normalStatus: number;
  /** The port that refuses it. */
  readonly closed: UsedPort | undefined;
  /** What stands in for the ports of the row that serves it: `presence=skip`. */
  readonly own: readonly string[];
  /** The same of the gateway's row. */
  readonly passed: readonly string[];
  /** What is counted in `redis_fallbacks_total` where Redis is known to be away. */
  readonly counted: readonly UsedPort[];
}

export function declaredFor(
  { sample, served, passed }: SentCase,
  request: SampleRequest,
  settings: Settings,
): Declared {
  const own = served === undefined ? [] : usedPorts(served.policy, settings, sample.ports);
  // The gateway asks for revocations where a token says whose they are.
  const used = request.token === undefined ? ['rateLimit'] : undefined;
  const ofGateway = passed === undefined ? [] : usedPorts(passed.policy, settings, used);
  const closed = own.find(isEarly) ?? own.find(isClosed);
  const reached = closed === undefined ? own : own.filter((port) => isReached(port, closed));
  return {
    normalStatus: sample.status,
    closed,
    own: own.filter((port) => !isClosed(port)).map(named),
    passed: ofGateway.map(named),
    counted: [...reached, ...ofGateway],
  };
}

/** Who is asking is known before a row refuses; nothing else is asked. */
function isReached(port: UsedPort, closed: UsedPort): boolean {
  return port === closed || port.port === 'revocations';
}

function isClosed({ fallback }: UsedPort): boolean {
  return fallback.kind === 'failClosed';
}

function isEarly({ fallback }: UsedPort): boolean {
  return fallback.kind === 'failClosed' && fallback.checkedAt !== 'call';
}

function named({ port, fallback }: UsedPort): string {
  return `${kebabCase(port)}=${fallback.kind}`;
}
