import { flapping, type ProxyFault, proxyFaults } from '@secureconnect/testkit';
import { type Random, randomStream } from './random.ts';

/** What is done to the server itself, and to instances. */
const serverKinds = [
  'killed',
  'killed and emptied',
  'killed and rolled back',
  'frozen',
  'instance restarted',
  'instance restarted during an outage',
] as const;

/** What the network does, and servers that answer with errors. */
const proxied = new Map([...proxyFaults, flapping].map((fault) => [fault.name, fault]));

/** Every kind of fault by its name. */
export const faultKinds: readonly string[] = [...serverKinds, ...proxied.keys()];

/** What stands between the instances and Redis does this; undefined for the other kinds. */
export function proxyFaultOf({ kind }: PlannedFault): ProxyFault | undefined {
  return proxied.get(kind);
}

/** One thing that goes wrong; times in milliseconds from the start of the run. */
export interface PlannedFault {
  /** One of `faultKinds`. */
  readonly kind: string;
  readonly atMs: number;
  /** How long Redis is away; 0 where only an instance is restarted. */
  readonly lastsMs: number;
  /** The instance that is restarted: `chat-2`. */
  readonly instance?: string;
}

/** A freeze shorter than three command time-outs may pass unnoticed; a long one never does. */
const shortMs = { from: 60, to: 900 };
const longMs = { from: 2000, to: 6000 };
const gapMs = { from: 1500, to: 9000 };
/**
 * An instance that was down within the last minute recovers more slowly each time; after a rest, as
 * at first.
 */
const restMs = { from: 65_000, to: 75_000 };
const faultsUntilRest = 6;
const firstAtMs = 4000;

/** Which instances a schedule may restart. */
export interface Restartable {
  /** Those with a second instance, which continues meanwhile. */
  readonly normal: readonly string[];
  /** Those of them that may be restarted while Redis is away. */
  readonly duringOutage: readonly string[];
}

/** Which kinds of faults there are to draw from, and whom they may strike. */
export interface ScheduleOptions {
  readonly faultKinds: readonly string[];
  readonly restartable: Restartable;
}

/**
 * What goes wrong in a run, as a function of its arguments alone. Every kind comes once before any comes
 * twice, with a rest after every few; the last fault is over when five sixths of the run are.
 */
export function faultSchedule(
  seed: string,
  durationMs: number,
  { faultKinds: kinds, restartable }: ScheduleOptions,
): PlannedFault[] {
  const random = randomStream(seed, 'faults');
  const faults: PlannedFault[] = [];
  let atMs = firstAtMs;
  for (;;) {
    for (const kind of random.shuffled(kinds)) {
      const fault = plan(kind, atMs, random, restartable);
      if (atMs + fault.lastsMs > (durationMs * 5) / 6) return faults;
      faults.push(fault);
      const pauseMs = faults.length % faultsUntilRest === 0 ? restMs : gapMs;
      atMs += fault.lastsMs + random.integer(pauseMs.from, pauseMs.to);
    }
  }
}

function plan(
  kind: string,
  atMs: number,
  random: Random,
  { normal, duringOutage }: Restartable,
): PlannedFault {
  const range = random.chance(0.5) ? shortMs : longMs;
  const lastsMs = random.integer(range.from, range.to);
  if (kind === 'instance restarted') {
    return { kind, atMs, lastsMs: 0, instance: random.pick(normal) };
  }
  if (kind === 'instance restarted during an outage') {
    return { kind, atMs, lastsMs, instance: random.pick(duringOutage) };
  }
  return { kind, atMs, lastsMs };
}

/** A line for people. */
export function describeFault(fault: PlannedFault): string {
  const { atMs, lastsMs } = fault;
  const away = lastsMs === 0 ? '' : `, for ${(lastsMs / 1000).toFixed(2)} s`;
  return `${(atMs / 1000).toFixed(1).padStart(6)} s  ${inWords(fault)}${away}`;
}

function inWords(fault: PlannedFault): string {
  const { kind, instance } = fault;
  if (instance !== undefined) return kind.replace('instance', instance);
  return proxyFaultOf(fault) === undefined ? `Redis ${kind}` : `the way to Redis: ${kind}`;
}
