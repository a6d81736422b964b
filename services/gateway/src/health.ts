import type { DegradedMode } from '@secureconnect/degraded-mode';
import { type HealthReport, redisHealth, sharedAnswer } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import { z } from 'zod';
import type { GatewayContext } from './context.ts';
import type { Instance } from './proxy/upstreams/instance.ts';
import { type UpstreamName, upstreamNames } from './proxy/upstreams/names.ts';
import type { Upstream } from './proxy/upstreams/upstream.ts';
import type { RemediationSink } from './signals/sink.ts';

/** The time limit for an instance's reply. */
const answerMs = 1000;

/** The reply of a service's `/ready`; storage's reply has no Redis. */
const Readiness = z.object({
  status: z.string(),
  redis: z.string().optional(),
  redis_reason: z.string().optional(),
});
type Readiness = z.infer<typeof Readiness>;

const isRecent = ({ snapshot }: GatewayContext): boolean =>
  snapshot.stalenessSeconds() <= revocationsBound.maxStalenessSeconds;

/** The gateway's own readiness: its copy of the revocations is recent enough. */
export async function knowsRevocations(context: GatewayContext): Promise<void> {
  if (isRecent(context)) return;
  const { maxStalenessSeconds } = revocationsBound;
  throw new Error(`the copy of the revocations is older than ${maxStalenessSeconds} s`, {
    cause: context.snapshot.failure,
  });
}

export interface HealthDeps {
  /** Of Redis. */
  readonly mode: DegradedMode;
  readonly sink: RemediationSink;
  readonly upstreams: Readonly<Record<UpstreamName, Upstream>>;
}

/** How long the replies of the services are cached. */
const maxAgeMs = 1000;

/**
 * The health of the gateway and all services behind it. The gateway is ready if its own needs are
 * met: one service that is down must not take down the others. It queries the services at most once
 * a second.
 */
export function createSystemHealth(
  name: string,
  context: GatewayContext,
  { mode, sink, upstreams }: HealthDeps,
): () => Promise<HealthReport> {
  const askOthers = sharedAnswer(maxAgeMs, async () => {
    const [requests, ...services] = await Promise.all([
      sinkHealth(sink),
      ...upstreamNames.map(async (each) => [each, await upstreamHealth(upstreams[each])] as const),
    ]);
    return { remediation_requests: requests, services: Object.fromEntries(services) };
  });
  return async () => {
    const others = await askOthers();
    const ok = isRecent(context);
    return {
      ok,
      body: {
        status: ok ? 'ready' : 'not_ready',
        service: name,
        revocations: ok ? 'ok' : 'unavailable',
        ...redisHealth(mode),
        ...others,
      },
    };
  };
}

/** Only informs: while the store of requests is down, only deliveries of signals are refused. */
async function sinkHealth(sink: RemediationSink): Promise<'ok' | 'unavailable'> {
  try {
    await sink.check();
    return 'ok';
  } catch {
    return 'unavailable'; // Whatever the reason; deliveries that are refused for it say more.
  }
}

async function upstreamHealth({ instances }: Upstream): Promise<object> {
  const answers = await Promise.all(instances.map(readinessOf));
  const ready = answers.filter((answer) => answer?.status === 'ready');
  const redis = answers.flatMap((answer) => answer?.redis ?? []);
  const reason = answers.find((answer) => answer?.redis_reason !== undefined)?.redis_reason;
  const isAnswering = answers.some((answer) => answer !== undefined);
  return {
    status: ready.length > 0 ? 'ready' : isAnswering ? 'not_ready' : 'unreachable',
    ...(redis.length === 0 ? {} : { redis: redis.find((state) => state !== 'ok') ?? 'ok' }),
    ...(reason === undefined ? {} : { redis_reason: reason }),
    instances: { ready: ready.length, of: instances.length },
  };
}

async function readinessOf(instance: Instance): Promise<Readiness | undefined> {
  try {
    return Readiness.parse((await instance.getJson('/ready', answerMs)).body);
  } catch {
    return undefined; // Whatever the reason, it is shown as unreachable.
  }
}
