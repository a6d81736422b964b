import type { FleetRows, FleetTable, LiveTable } from '@secureconnect/contracts';
import { sharedAnswer } from '@secureconnect/service';
import type { Instance } from '../proxy/upstreams/instance.ts';
import { type UpstreamName, upstreamNames } from '../proxy/upstreams/names.ts';
import type { Upstream } from '../proxy/upstreams/upstream.ts';
import { type FleetAnswer, mergeFleet, readTable } from './merge-fleet.ts';

/** The time limit for an instance's reply. */
const answerMs = 1000;
/** How long the replies are cached, so that readers do not multiply the requests. */
const maxAgeMs = 1000;
/** The maximum of instances that are asked. */
const maxAsked = 500;

export interface FleetDeps {
  readonly upstreams: Readonly<Record<UpstreamName, Upstream>>;
  /** All gateways, this one among them; undefined if their addresses are not known. */
  readonly gateways: Upstream | undefined;
}

/**
 * All instances that the gateway knows by its settings, each by its own address, at the same time.
 * One that does not answer within a second is listed as unreachable.
 */
export function createFleet({
  upstreams,
  gateways,
}: FleetDeps): (own: LiveTable, rows: FleetRows) => Promise<FleetTable> {
  const known = (): (readonly [string, Instance])[] => [
    ...(gateways?.instances ?? []).map((instance) => ['gateway', instance] as const),
    ...upstreamNames.flatMap((name) =>
      upstreams[name].instances.map((instance) => [name, instance] as const),
    ),
  ];
  const askOthers = sharedAnswer(maxAgeMs, () =>
    Promise.all(
      known()
        .slice(0, maxAsked)
        .map(([service, instance]) => ask(service, instance)),
    ),
  );
  return async (own, rows) =>
    mergeFleet([{ service: 'gateway', table: own }, ...(await askOthers())], rows);
}

async function ask(service: string, instance: Instance): Promise<FleetAnswer> {
  try {
    const { body } = await instance.getJson('/v1/degraded', answerMs);
    return { service, table: readTable(body) };
  } catch (error) {
    instance.outages.failed(error);
    return { service, table: undefined };
  }
}
