/** Replies of push services have some hundred bytes. */
const maxReplyBytes = 65_536;

export interface BoundedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export interface BoundedReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Posts to a push service. Redirects are not followed, because a service that was allowed could lead
 * elsewhere, and of a long reply only the beginning is read.
 * @throws an error of the network, or the reason of the signal
 */
export async function post(
  { url, headers, body }: BoundedRequest,
  signal: AbortSignal,
): Promise<BoundedReply> {
  const reply = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
  return { status: reply.status, headers: reply.headers, text: await beginningOf(reply) };
}

async function beginningOf(reply: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of reply.body ?? []) {
    parts.push(part);
    bytes += part.byteLength;
    if (bytes > maxReplyBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxReplyBytes).toString('utf8');
}
