import { type Logger, OutageLog } from '@secureconnect/service';
import type { Draft, Firing, Placed, RemediationSink } from '../sink.ts';
import type { KubernetesSinkConfig } from '../sink-config.ts';
import { type Active, activeOrNew, findActive, isActive } from './active-request.ts';
import { aggregate } from './aggregate.ts';
import { countDelivery, ensureListed, noteFiring } from './change-request.ts';
import { closeOwn, closeStormIfOver } from './close-request.ts';
import { readCluster } from './cluster.ts';
import { InTurn } from './in-turn.ts';
import { openKubernetesApi } from './kubernetes-api.ts';
import { listRequests } from './list-requests.ts';
import { closeStrayStorms, purgeRequests } from './purge-requests.ts';
import { placed, remediationRequest } from './request-object.ts';
import { type SinkParts, sinkParts } from './sink-parts.ts';

/** Time limits in milliseconds. */
export interface SinkLimits {
  /** For one call of the API server. */
  readonly callMs: number;
  /** For all calls for one signal, or one list. */
  readonly workMs: number;
}

/** Shorter than the reservation of a signal in Redis. */
const defaultLimits: SinkLimits = { callMs: 1500, workMs: 4000 };
const purgeMs = 60_000;

export interface OpenSink {
  readonly sink: RemediationSink;
  close(): Promise<void>;
}

/**
 * Remediation requests as objects of Kubernetes. A claim, named by the signal's fingerprint, names
 * the signal's request. The API server keeps names unique, and rejects changes of objects that have
 * changed since they were read. Throws ConfigError for an invalid cluster configuration; makes no
 * calls.
 */
export async function openKubernetesSink(
  { namespace, kubeconfig }: KubernetesSinkConfig,
  log: Logger,
  { callMs, workMs }: SinkLimits = defaultLimits,
): Promise<OpenSink> {
  const api = openKubernetesApi(await readCluster(kubeconfig), callMs);
  const inTurn = new InTurn();
  const outages = new OutageLog({ log, fields: { dependency: 'Kubernetes API server' } });
  const within = (maxMs: number) => sinkParts({ api, namespace, inTurn, outages }, maxMs);
  const sink: RemediationSink = {
    repeat: (firing, at) => repeat(within(workMs), firing, at),
    open: (draft) => open(within(workMs), draft),
    async aggregate(draft, storm) {
      const parts = within(workMs);
      const { signal, receivedAt } = draft;
      const known = await repeat(parts, signal, receivedAt);
      if (known !== undefined) return known;
      const done = await aggregate(parts, draft, storm);
      if (done.kind === 'own') return open(parts, draft);
      if (done.kind === 'known') return placed(done.request, 'duplicate');
      return placed(done.request, done.isNew ? 'created' : 'aggregated');
    },
    close: (fingerprint, endedAt, at) => close(within(workMs), fingerprint, endedAt, at),
    async find(name) {
      if (!/^rr-[a-z0-9-]{1,250}$/.test(name)) return undefined;
      const found = await within(workMs).requests.get(name);
      return found && remediationRequest(found);
    },
    list: (filter) => listRequests(within(workMs), filter),
    async purge(closedBefore, maxCount) {
      const parts = within(purgeMs);
      await closeStrayStorms(parts, new Date());
      return purgeRequests(parts, closedBefore, maxCount);
    },
    async check() {
      await within(callMs).claims.list({ limit: 1 });
    },
  };
  return { sink, close: () => api.close() };
}

async function repeat(parts: SinkParts, firing: Firing, at: Date): Promise<Placed | undefined> {
  const active = await findActive(parts, firing.fingerprint);
  if (active === undefined || !(await noteDelivery(parts, active, firing, at))) return undefined;
  return placed(active.request, 'duplicate');
}

function open(parts: SinkParts, draft: Draft): Promise<Placed> {
  const wanted = { fingerprint: draft.signal.fingerprint, draft, storm: undefined };
  return parts.settled(async () => {
    const active = await activeOrNew(parts, wanted);
    const { request, isNew } = active;
    if (isNew) return placed(request, 'created');
    const isNoted = await noteDelivery(parts, active, draft.signal, draft.receivedAt);
    return isNoted ? placed(request, 'duplicate') : undefined;
  });
}

/**
 * Counts the delivery in a signal's own request. A storm's request only lists the signal's
 * resource, because the gateway that claimed it may have been interrupted. False if the request is
 * closed.
 */
async function noteDelivery(
  parts: SinkParts,
  { claim, request }: Active,
  { firingAt }: Firing,
  at: Date,
): Promise<boolean> {
  if (claim.spec.membership === undefined) {
    return countDelivery(parts, request, { firingAt, at });
  }
  const isMember = await noteFiring(parts, claim, firingAt);
  return isMember && ensureListed(parts, request, claim);
}

async function close(
  parts: SinkParts,
  fingerprint: string,
  endedAt: Date,
  at: Date,
): Promise<Placed | undefined> {
  const { claims, requests } = parts;
  return parts
    .settled(async (): Promise<{ closed: Placed | undefined } | undefined> => {
      const claim = await claims.get(fingerprint);
      const request = claim && (await requests.get(claim.spec.requestName));
      if (claim === undefined || request === undefined) return { closed: undefined };
      const { requestName, membership, firingTime } = claim.spec;
      const was = placed(request, 'duplicate');
      if (membership === undefined) {
        const isClosed = await closeOwn(parts, requestName, endedAt, at);
        return { closed: isClosed ? was : undefined };
      }
      const hasEnded = Date.parse(firingTime) <= endedAt.getTime();
      const isOpen = isActive(claim, request) && hasEnded;
      if (isOpen) {
        const left = await claims.patch(claim, { spec: { membership: 'Closed' } });
        if (left === undefined) return undefined;
      }
      // Also if the signal has already left: the gateway that removed it may have been interrupted.
      await closeStormIfOver(parts, requestName, at);
      return { closed: isOpen ? was : undefined };
    })
    .then(({ closed }) => closed);
}
