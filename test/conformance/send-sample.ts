import type { SampleRequest } from '@secureconnect/testkit';
import type { Outcome } from './outcome.ts';

let addresses = 0;

/** An address of its own for each request, as limits count by address. */
export function nextAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** Longer than anything that is judged as slow. */
const patienceMs = 10_000;

/** Sends a sample's request. */
export async function sendSample(
  baseUrl: string,
  method: string,
  request: SampleRequest,
): Promise<Outcome> {
  const startedAt = performance.now();
  const { token, headers, body, bytes } = request;
  const contentType = bytes?.contentType ?? (body === undefined ? undefined : 'application/json');
  const content = bytes?.content ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(new URL(request.path, baseUrl), {
    method,
    signal: AbortSignal.timeout(patienceMs),
    headers: {
      'x-forwarded-for': nextAddress(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    isJson: response.headers.get('content-type')?.startsWith('application/json') ?? false,
    degraded: response.headers.get('x-degraded'),
    retryAfter: response.headers.get('retry-after'),
    durationMs: performance.now() - startedAt,
  };
}
