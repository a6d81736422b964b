import type { DegradedMode } from '@secureconnect/degraded-mode';
import { type HealthReport, redisHealth, sharedAnswer } from '@secureconnect/service';
import { z } from 'zod';
import type { GatewayContext } from './context.ts';
import type { Instance } from './proxy/upstreams/instance.ts';
import { upstreamNames } from './proxy/upstreams/names.ts';
import type { Upstream } from './proxy/upstreams/upstream.ts';
import { maxSnapshotSeconds } from './routes/route.ts';

/** Longer than this, an instance does not count as answering. */
const answerMs = 1000;

/** What `/ready` of a service says; storage has no Redis to speak of. */
const Readiness = z.object({
  status: z.string(),
  redis: z.string().optional(),
  redis_reason: z.string().optional(),
});
type Readiness = z.infer<typeof Readiness>;

/** What the gateway itself needs: revocations that are known well enough. */
export async function knowsRevocations({ snapshot }: GatewayContext): Promise<void> {
  if (snapshot.stalenessSeconds() <= maxSnapshotSeconds) return;
  throw new Error(`the copy of the revocations is older than ${maxSnapshotSeconds} s`);
}

/** What the others said counts for this long, whoever asks how often. */
const maxAgeMs = 1000;

/**
 * Tells of the gateway and all services behind it. It is well while its own needs are met: one
 * service that is away must not take the others down with it. The others are asked at most once a
 * second.
 */
export function createSystemHealth(
  name: string,
  context: GatewayContext,
  mode: DegradedMode,
): () => Promise<HealthReport> {
  const askOthers = sharedAnswer(maxAgeMs, async () => {
    const [requests, ...services] = await Promise.all([
      sinkHealth(context),
      ...upstreamNames.map(
        async (each) => [each, await upstreamHealth(context.upstreams[each])] as const,
      ),
    ]);
    return { remediation_requests: requests, services: Object.fromEntries(services) };
  });
  return async () => {
    const others = await askOthers();
    const ok = context.snapshot.stalenessSeconds() <= maxSnapshotSeconds;
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

/** Shown, and no more: without the store of requests only deliveries of signals are refused. */
async function sinkHealth({ signals }: GatewayContext): Promise<'ok' | 'unavailable'> {
  try {
    await signals.sink.check();
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
