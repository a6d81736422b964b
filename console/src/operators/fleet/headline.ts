import { timeText } from '../../ui/times.ts';
import type { Tone } from '../../ui/tone.ts';
import { type Fleet, type FleetInstance, rowState } from './fleet.ts';

/** The state of the fleet in a sentence or three. */
export interface Headline {
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
}

/** @param nowMs decides how times are shown */
export function headlineOf(fleet: Fleet, nowMs: number = Date.now()): Headline {
  const degraded = fleet.instances.filter(({ state }) => state === 'degraded');
  const silent = fleet.instances.filter(({ state }) => state === 'unreachable');
  const text = [rowsText(fleet), silentText(silent)].filter(Boolean).join(' ');
  if (degraded.length > 0) {
    const isBad = fleet.rows.some(({ instances }) => instances.fail_closed > 0);
    return { tone: isBad || silent.length > 0 ? 'bad' : 'warn', title: why(degraded, nowMs), text };
  }
  if (silent.length > 0) return { tone: 'bad', title: 'Some services do not answer', text };
  return { tone: 'good', title: 'Everything works', text };
}

function why(degraded: readonly FleetInstance[], nowMs: number): string {
  const ends = degraded.flatMap(({ drill_ends_at: end, port_drills: ports = {} }) => [
    ...(end === undefined ? [] : [end]),
    ...Object.values(ports),
  ]);
  const latestEnd = ends.toSorted().at(-1);
  const real = degraded.filter(
    ({ drill_ends_at: end, port_drills: ports }) => end === undefined && ports === undefined,
  );
  if (real.length === 0 && latestEnd !== undefined)
    return `A drill is under way until ${timeText(latestEnd, nowMs)}`;
  const since = real
    .flatMap((instance) => instance.since ?? [])
    .toSorted()
    .at(0);
  const reasons = [...new Set(real.flatMap(({ reason }) => reason ?? []))].join(', ');
  const isStorageAlone = real.every(({ service }) => service === 'storage');
  const subject = isStorageAlone ? 'The object store' : 'Redis';
  const sinceText = since === undefined ? '' : ` since ${timeText(since, nowMs)}`;
  return `${subject} cannot be reached${sinceText}${reasons === '' ? '' : ` (${reasons})`}`;
}

function rowsText({ rows, instances }: Fleet): string {
  const count = { normal: 0, refuses: 0, goes_on: 0, differs: 0 };
  for (const row of rows) count[rowState(row)] += 1;
  const answering = instances.filter(({ state }) => state !== 'unreachable').length;
  const all = `${counted(rows.length, 'route')} on ${counted(answering, 'instance')}`;
  if (count.normal === rows.length) return `Normal: ${all}.`;
  const parts = [
    count.refuses > 0 ? `${count.refuses} refuse${count.refuses === 1 ? 's' : ''}` : '',
    count.goes_on > 0
      ? `${count.goes_on} ${count.goes_on === 1 ? 'goes' : 'go'} on with a fallback`
      : '',
    count.differs > 0
      ? `${count.differs} ${count.differs === 1 ? 'differs' : 'differ'} between instances`
      : '',
    count.normal > 0 ? `${count.normal} normal` : '',
  ];
  return `Of ${all}: ${parts.filter(Boolean).join(', ')}.`;
}

function silentText(silent: readonly FleetInstance[]): string {
  if (silent.length === 0) return '';
  const services = [...new Set(silent.map(({ service }) => service))].join(', ');
  return `No answer from ${counted(silent.length, 'instance')}: ${services}.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
