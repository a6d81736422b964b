import {
  type AnyDeclaration,
  declaredFallbacks,
  describeFallback,
  kebabCase,
  resolveFallback,
  type Settings,
} from '@secureconnect/degraded-mode';
import type { Findings } from '@secureconnect/degraded-mode/testing';
import type { ServiceName, Stack } from '../support/stack.ts';
import { rowName, type TableRow } from './tables.ts';

interface Served {
  readonly degraded: boolean;
  readonly rows: readonly {
    readonly route: string;
    readonly mode: string;
    readonly ports: Readonly<Record<string, string>>;
  }[];
}

/** Compares what `GET /v1/degraded` says of each row while Redis is away with its declaration. */
export async function tryLiveTable(
  stack: Stack,
  rows: readonly TableRow[],
  { findings, settings }: { readonly findings: Findings; readonly settings: Settings },
): Promise<void> {
  for (const service of Object.keys(stack.urls) as ServiceName[]) {
    const reply = await fetch(`${stack.urls[service]}/v1/degraded`);
    const { data } = (await reply.json()) as { data: Served };
    for (const declared of rows.filter((row) => row.service === service)) {
      const found = data.rows.find(({ route }) => route === declared.policy.route);
      const wrong = wrongLiveRow(declared, found, settings);
      if (wrong !== undefined) findings.wrong(rowName(declared), `/v1/degraded: ${wrong}`);
    }
  }
}

function wrongLiveRow(
  { policy }: TableRow,
  found: Served['rows'][number] | undefined,
  settings: Settings,
) {
  if (found === undefined) return 'no such row';
  const ports = portsOf(declaredFallbacks(policy), settings);
  // Only Redis is down.
  const down = portsOf(policy.whenRedisDown, settings);
  const isClosed = down.some(([, one]) => one.kind === 'failClosed' && one.checkedAt !== 'call');
  const mode = isClosed ? 'fail_closed' : down.length > 0 ? 'fail_open' : 'normal';
  if (found.mode !== mode) return `${found.mode} instead of ${mode}`;
  const must = ports.map(([port, fallback]) => `${port}: ${describeFallback(fallback)}`).join();
  const is = Object.entries(found.ports).map(([port, text]) => `${port}: ${text}`);
  return is.join() === must ? undefined : `${is.join()} instead of ${must}`;
}

function portsOf(declared: AnyDeclaration, settings: Settings) {
  return Object.entries(declared).map(
    ([port, one]) => [kebabCase(port), resolveFallback(one, settings)] as const,
  );
}
