import type { OutageLog } from '@secureconnect/service';
import { RemediationStoreUnavailable } from '../remediation-store-unavailable.ts';
import { untilSettled } from '../until-settled.ts';
import { CustomObjects } from './custom-objects.ts';
import type { InTurn } from './in-turn.ts';
import type { KubernetesApi } from './kubernetes-api.ts';
import { type RequestObject, requestObjects } from './request-object.ts';
import { type SignalClaim, signalClaims } from './signal-claim.ts';

/** The dependencies of one call of the sink. */
export interface SinkParts {
  readonly claims: CustomObjects<SignalClaim>;
  readonly requests: CustomObjects<RequestObject>;
  readonly inTurn: InTurn;
  /** Retries conflicts. Throws SERVICE_UNAVAILABLE after ten attempts. */
  settled<Result>(attempt: () => Promise<Result | undefined>): Promise<Result>;
}

export interface PartsOptions {
  readonly api: KubernetesApi;
  readonly namespace: string;
  readonly inTurn: InTurn;
  /** Logs failures of the API server. */
  readonly outages: OutageLog;
}

/** The parts for one task. @param workMs the time limit for all its calls */
export function sinkParts(options: PartsOptions, workMs: number): SinkParts {
  const { api, namespace, inTurn, outages } = options;
  const unavailable = (why: string): RemediationStoreUnavailable => {
    outages.failed(why);
    return new RemediationStoreUnavailable();
  };
  const answered = (): void => outages.worked();
  const parts = { send: api.within(workMs), namespace, unavailable, answered };
  return {
    claims: new CustomObjects(parts, signalClaims),
    requests: new CustomObjects(parts, requestObjects),
    inTurn,
    settled: untilSettled,
  };
}
