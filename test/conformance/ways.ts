import type { Sample } from '@secureconnect/testkit';
import type { ServiceName } from '../support/stack.ts';
import { httpCases } from './cases.ts';
import { gatewaySamples } from './gateway-samples.ts';
import { rowName, type TableRow } from './tables.ts';

/** A sample, the way by which it is sent, and the rows that it meets. */
export interface SentCase {
  readonly to: ServiceName;
  readonly method: string;
  readonly sample: Sample;
  /** The row that serves it; absent where the gateway's own row is all there is. */
  readonly served: TableRow | undefined;
  /** The gateway's row that it passes; absent on a service's own port. */
  readonly passed: TableRow | undefined;
}

/** Every sample both ways. Throws, naming it, when a row of the gateway is met by none. */
export function bothWays(rows: readonly TableRow[]): SentCase[] {
  const gatewayRows = rows.filter(({ kind, service }) => kind === 'http' && service === 'gateway');
  const cases = httpCases(rows).flatMap(({ service, policy, method, sample }): SentCase[] => {
    const served = rows.find((one) => one.policy === policy);
    const passed = gatewayRows.find((one) => isBelow(policy.route, one.policy.route));
    const direct = { to: service, method, sample, served, passed: undefined };
    return passed === undefined ? [direct] : [direct, { ...direct, to: 'gateway', passed }];
  });
  const own = gatewayRows.flatMap((row): SentCase[] => {
    const sample = gatewaySamples[row.policy.route];
    if (sample === undefined) return [];
    const met = isServed(row)
      ? { served: row, passed: countingRow(gatewayRows, row) }
      : { served: undefined, passed: row };
    return [{ to: 'gateway', method: sample.method, sample, ...met }];
  });
  const all = [...cases, ...own];
  const missing = gatewayRows.filter(
    (row) => !all.some(({ served, passed }) => served === row || passed === row),
  );
  if (missing.length === 0) return all;
  throw new Error(`rows without a sample: ${missing.map(rowName).join(', ')}`);
}

/**
 * Each sample by one of its ways, in turn its service's own port and the gateway; and by the gateway
 * as well where a row of it would be met by none.
 *
 * @param turn with the next number each sample goes the other way
 */
export function eachOneWay(cases: readonly SentCase[], turn: number): readonly SentCase[] {
  const samples = [...new Set(cases.map(({ sample }) => sample))];
  const chosen = samples.flatMap((sample, index) => {
    const ways = cases.filter((one) => one.sample === sample);
    return ways[(index + turn) % ways.length] ?? [];
  });
  const met = new Set([undefined, ...chosen.map(({ passed }) => passed)]);
  for (const one of cases) {
    if (met.has(one.passed)) continue;
    met.add(one.passed);
    chosen.push(one);
  }
  return chosen;
}

/** Whether the gateway answers a row by itself: it passes on what comes by any method. */
function isServed({ policy }: TableRow): boolean {
  return !policy.route.startsWith('ANY ');
}

/** The row that counts what the gateway answers by itself: that of everything declared after it. */
function countingRow(gatewayRows: readonly TableRow[], served: TableRow): TableRow | undefined {
  const before = gatewayRows.slice(0, gatewayRows.indexOf(served));
  return before.find(({ policy }) => policy.route === 'ANY /{*rest}');
}

/** Whether the gateway's row `ANY /v1/auth{/*rest}` takes `POST /v1/auth/login`. */
function isBelow(route: string, gatewayRoute: string): boolean {
  const [, path = ''] = route.split(' ');
  const prefix = gatewayRoute.replace(/^ANY /, '').replace('{/*rest}', '');
  return path === prefix || path.startsWith(`${prefix}/`);
}
