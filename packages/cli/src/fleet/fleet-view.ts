import type { Schemas } from '@secureconnect/client';
import { duration, localTime } from '../terminal/local-time.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Paint } from '../terminal/style.ts';
import { tableOf } from '../terminal/table.ts';

type Fleet = Schemas['FleetTable'];
type Row = Fleet['rows'][number];
type Instance = Fleet['instances'][number];

/** Whether everything is normal: no instance is degraded, and each one answers. */
export function isNormal({ instances }: Fleet): boolean {
  return instances.every(({ state }) => state === 'normal');
}

/** The state of the fleet in plain words. */
export function headlineOf(fleet: Fleet, nowMs: number): string {
  const { instances, rows } = fleet;
  if (isNormal(fleet)) return `Everything works: ${countOf(instances.length, 'instance')} normal.`;
  const degraded = instances.filter(({ state }) => state === 'degraded');
  const unreachable = instances.filter(({ state }) => state === 'unreachable');
  return [
    ...(degraded.length === 0 ? [] : [degradedSentence(degraded, nowMs), rowsSentence(rows)]),
    ...(unreachable.length === 0
      ? []
      : [
          `${countOf(unreachable.length, 'instance')} cannot be reached: ${servicesOf(unreachable)}.`,
        ]),
  ].join(' ');
}

function degradedSentence(degraded: readonly Instance[], nowMs: number): string {
  const since = degraded.flatMap((instance) => instance.since ?? []).sort()[0];
  const reasons = [...new Set(degraded.map(whyOf).filter((why) => why !== ''))];
  const when =
    since === undefined
      ? ''
      : ` since ${localTime(since)} (${duration(nowMs - Date.parse(since))})`;
  const why = reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
  return safeLine(`Degraded${when}${why}; ${servicesOf(degraded)}.`);
}

function rowsSentence(rows: readonly Row[]): string {
  const refusing = rows.filter(({ instances }) => instances.fail_closed > 0).length;
  const goingOn = rows.filter(({ instances }) => instances.fail_open > 0).length;
  return `Routes: ${refusing} refused, ${goingOn} with a fallback.`;
}

function servicesOf(instances: readonly Instance[]): string {
  return [...new Set(instances.map(({ service }) => service))].join(', ');
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Why an instance is not normal, and until when, if that is known. */
function whyOf({ drill_ends_at: drillEndsAt, port_drills: portDrills, reason }: Instance): string {
  if (drillEndsAt !== undefined) return `drill until ${localTime(drillEndsAt)}`;
  const ports = Object.keys(portDrills ?? {});
  if (reason === undefined && ports.length > 0) return `drill of ${ports.join(', ')}`;
  return reason ?? '';
}

/** The whole picture: a sentence, the instances, and the rows that the reply has. */
export function fleetLines(fleet: Fleet, nowMs: number, paint: Paint): readonly string[] {
  const instances = fleet.instances.map((instance) => [
    instance.service,
    instance.instance ?? '?',
    instance.state,
    instance.since === undefined ? '' : localTime(instance.since),
    whyOf(instance),
  ]);
  const rows = fleet.rows.map((row) => [row.service, modeOf(row), row.route, portsOf(row)]);
  return [
    paint(isNormal(fleet) ? 'green' : 'yellow', headlineOf(fleet, nowMs)),
    '',
    ...tableOf(['SERVICE', 'INSTANCE', 'STATE', 'SINCE', 'WHY'], instances),
    ...(rows.length === 0
      ? []
      : ['', ...tableOf(['SERVICE', 'NOW', 'ROUTE', 'WITHOUT ITS DEPENDENCY (TIMES USED)'], rows)]),
  ];
}

/** What a request meets now; on how many instances, where they differ. */
function modeOf({ instances }: Row): string {
  const { fail_closed: refusing, fail_open: goingOn, normal } = instances;
  const total = refusing + goingOn + normal;
  const parts: readonly (readonly [string, number])[] = [
    ['refuses', refusing],
    ['goes on', goingOn],
    ['normal', normal],
  ];
  const used = parts.filter(([, count]) => count > 0);
  if (used.length === 1) return used[0]?.[0] ?? '';
  return used.map(([text, count]) => `${text} ${count}/${total}`).join(', ');
}

function portsOf({ ports, used = {} }: Row): string {
  return Object.entries(ports)
    .map(([port, fallback]) => {
      const count = used[port];
      return `${port}: ${fallback}${count === undefined ? '' : ` (${count})`}`;
    })
    .join('; ');
}
