import type { Reply } from './outcome.ts';
import type { ReadyRequest } from './sample.ts';

/** Sends a request. @throws Error that says so if there is no reply within `limitMs` */
export async function send(
  url: string,
  { method, path, headers, body }: ReadyRequest,
  limitMs: number,
): Promise<Reply> {
  try {
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const degraded = response.headers.get('x-degraded');
    return {
      status: response.status,
      text: await response.text(),
      // Those of a different dependency have their own faults.
      named: (degraded?.split(', ') ?? []).filter((name) => !name.includes(';dependency=')),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (error) {
    throw new Error(withoutReply(error, limitMs), { cause: error });
  }
}

function withoutReply(error: unknown, limitMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `no reply within ${limitMs} ms`;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return `no reply: ${cause instanceof Error ? cause.message : String(cause)}`;
}
