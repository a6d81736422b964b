import {
  type Fallback,
  kebabCase,
  type Row,
  resolveFallback,
} from '../../packages/degraded-mode/src/index.ts';
import type { Sample, SampleRequest } from '../../packages/testkit/src/index.ts';

/** What came back. */
export interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly degraded: string | null;
  readonly retryAfter: string | null;
  readonly durationMs: number;
}

/** No request may take longer, whatever Redis does. */
const longestMs = 2000;

/** The fallbacks of a row for the ports that a sample uses, under the default settings. */
function fallbacksOf(row: Row, sample: Sample): [string, Fallback][] {
  return Object.entries(row.whenRedisDown)
    .filter(([port]) => sample.ports === undefined || sample.ports.includes(port))
    .map(([port, declared]) => [port, resolveFallback(declared, {})]);
}

/** What is wrong with an outcome while Redis is there; undefined when nothing is. */
export function wrongAsUsual(sample: Sample, outcome: Outcome): string | undefined {
  if (outcome.status !== sample.status) return `${outcome.status} instead of ${sample.status}`;
  if (outcome.degraded !== null) return `degraded as usual: ${outcome.degraded}`;
  return tooSlow(outcome);
}

/** What is wrong with an outcome while Redis is away, by what the row declares. */
export function wrongDegraded(
  row: Row,
  sample: Sample,
  outcome: Outcome,
  expectedElsewhere: readonly string[],
): string | undefined {
  const fallbacks = fallbacksOf(row, sample);
  const closed = fallbacks.find(([, fallback]) => fallback.kind === 'failClosed')?.[1];
  if (closed?.kind === 'failClosed') {
    const message = `${row.operation} is operating in degraded mode due to Redis unavailability`;
    const body = `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${message}"}`;
    if (outcome.status !== 503) return `${outcome.status} instead of 503`;
    if (outcome.text !== body) return `another body: ${outcome.text}`;
    const retryAfter = String(closed.retryAfterSeconds);
    if (outcome.retryAfter !== retryAfter) return `Retry-After ${outcome.retryAfter}`;
    return tooSlow(outcome);
  }
  if (outcome.status !== sample.status) {
    return `${outcome.status} instead of ${sample.status}: ${outcome.text.slice(0, 200)}`;
  }
  const expected = [
    ...expectedElsewhere,
    ...fallbacks.map(([port, fallback]) => `${kebabCase(port)}=${fallback.kind}`),
  ];
  const seen = outcome.degraded === null ? [] : outcome.degraded.split(', ');
  if ([...seen].sort().join() !== [...new Set(expected)].sort().join()) {
    return `X-Degraded "${outcome.degraded}" instead of "${expected.join(', ')}"`;
  }
  return tooSlow(outcome);
}

function tooSlow(outcome: Outcome): string | undefined {
  return outcome.durationMs > longestMs ? `took ${Math.round(outcome.durationMs)} ms` : undefined;
}

let addresses = 0;

/** Sends a sample's request; from another address each time, as limits count by address. */
export async function sendSample(
  baseUrl: string,
  method: string,
  request: SampleRequest,
): Promise<Outcome> {
  addresses += 1;
  const startedAt = performance.now();
  const { token, body, bytes } = request;
  const contentType = bytes?.contentType ?? (body === undefined ? undefined : 'application/json');
  const content = bytes?.content ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(new URL(request.path, baseUrl), {
    method,
    headers: {
      'x-forwarded-for': `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    degraded: response.headers.get('x-degraded'),
    retryAfter: response.headers.get('retry-after'),
    durationMs: performance.now() - startedAt,
  };
}
