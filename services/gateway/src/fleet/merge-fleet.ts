import {
  type FleetInstance,
  type FleetRows,
  type FleetTable,
  LiveTable,
} from '@secureconnect/contracts';

/** What one process answered; undefined if it did not. */
export interface FleetAnswer {
  readonly service: string;
  readonly table: LiveTable | undefined;
}

/** Reads the reply of an instance to `GET /v1/degraded`; undefined if it is none. */
export function readTable(body: unknown): LiveTable | undefined {
  if (typeof body !== 'object' || body === null || !('data' in body)) return undefined;
  return LiveTable.safeParse(body.data).data;
}

/** Merges what all instances answered; one that answered by two of its addresses is one. */
export function mergeFleet(answers: readonly FleetAnswer[], rows: FleetRows): FleetTable {
  const once = withoutRepeated(answers);
  const instances = once.map(instanceOf);
  return {
    degraded: instances.some(({ state }) => state === 'degraded'),
    instances,
    rows: rows === 'all' ? rowsOf(once) : rowsOf(once).filter(isUnusual),
  };
}

function withoutRepeated(answers: readonly FleetAnswer[]): FleetAnswer[] {
  const seen = new Set<string>();
  return answers.filter(({ table }) => {
    if (table === undefined) return true;
    const isNew = !seen.has(table.instance);
    seen.add(table.instance);
    return isNew;
  });
}

function instanceOf({ service, table }: FleetAnswer): FleetInstance {
  if (table === undefined) return { service, instance: null, state: 'unreachable' };
  const { instance, degraded, reason, since, drill_ends_at, port_drills } = table;
  return {
    service,
    instance,
    state: degraded || port_drills !== undefined ? 'degraded' : 'normal',
    ...(reason === undefined ? {} : { reason }),
    ...(since === undefined ? {} : { since }),
    ...(drill_ends_at === undefined ? {} : { drill_ends_at }),
    ...(port_drills === undefined ? {} : { port_drills }),
  };
}

type FleetRow = FleetTable['rows'][number];

/** Every row of every service, with on how many instances it has which mode. */
function rowsOf(answers: readonly FleetAnswer[]): FleetRow[] {
  const byRow = new Map<string, FleetRow>();
  for (const { service, table } of answers) {
    for (const { route, operation, mode, ports, used } of table?.rows ?? []) {
      const key = `${service} ${route}`;
      const none = { normal: 0, fail_closed: 0, fail_open: 0 };
      const row = byRow.get(key) ?? { service, route, operation, instances: none, ports };
      row.instances[mode] += 1;
      if (used !== undefined) row.used = sumOf(row.used ?? {}, used);
      byRow.set(key, row);
    }
  }
  return [...byRow.values()];
}

function sumOf(
  counts: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums = { ...counts };
  for (const [port, count] of Object.entries(more)) sums[port] = (sums[port] ?? 0) + count;
  return sums;
}

function isUnusual({ instances }: FleetRow): boolean {
  return instances.fail_closed + instances.fail_open > 0;
}
