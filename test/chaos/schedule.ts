import { type Random, randomStream } from './random.ts';

export const faultKinds = [
  'killed',
  'killed and emptied',
  'frozen',
  'instance restarted',
  'instance restarted during an outage',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One thing that goes wrong; times in milliseconds from the start of the run. */
export interface PlannedFault {
  readonly kind: FaultKind;
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
/** Who was down within the last minute recovers more slowly each time; after a rest, as at first. */
const restMs = { from: 65_000, to: 75_000 };
const firstAtMs = 4000;

/**
 * What goes wrong in a run, as a function of the seed alone. Every kind comes once before any comes
 * twice, with a rest between such rounds; the last fault is over when five sixths of the run are.
 * @param restartable names of instances that may be restarted
 */
export function faultSchedule(
  seed: string,
  durationMs: number,
  restartable: readonly string[],
): PlannedFault[] {
  const random = randomStream(seed, 'faults');
  const faults: PlannedFault[] = [];
  let atMs = firstAtMs;
  for (;;) {
    for (const kind of random.shuffled(faultKinds)) {
      const fault = plan(kind, atMs, random, restartable);
      if (atMs + fault.lastsMs > (durationMs * 5) / 6) return faults;
      faults.push(fault);
      atMs += fault.lastsMs + random.integer(gapMs.from, gapMs.to);
    }
    atMs += random.integer(restMs.from, restMs.to);
  }
}

function plan(
  kind: FaultKind,
  atMs: number,
  random: Random,
  restartable: readonly string[],
): PlannedFault {
  const range = random.chance(0.5) ? shortMs : longMs;
  const lastsMs = random.integer(range.from, range.to);
  const instance = random.pick(restartable);
  if (kind === 'instance restarted') return { kind, atMs, lastsMs: 0, instance };
  if (kind === 'instance restarted during an outage') return { kind, atMs, lastsMs, instance };
  return { kind, atMs, lastsMs };
}

/** A line for people. */
export function describeFault({ kind, atMs, lastsMs, instance }: PlannedFault): string {
  const what = kind.startsWith('instance')
    ? kind.replace('instance', String(instance))
    : `Redis ${kind}`;
  const away = lastsMs === 0 ? '' : `, Redis away for ${(lastsMs / 1000).toFixed(2)} s`;
  return `${(atMs / 1000).toFixed(1).padStart(6)} s  ${what}${away}`;
}
