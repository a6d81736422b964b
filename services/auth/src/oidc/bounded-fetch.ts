import type { CustomFetch } from 'openid-client';

/** Metadata, key sets and tokens of real providers are below 100 KiB. */
const maxReplyBytes = 1_048_576;

/** A reply of a provider that is larger than any that a sign-in needs. */
export class ReplyTooLarge extends Error {
  override readonly name = 'ReplyTooLarge';
}

/** No complete reply of a provider: it is down, slow, or the network is. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}

/**
 * A fetch for requests to a provider: all of them together take at most `deadline`, redirects are
 * not followed, and a reply is read up to 1 MiB.
 * @throws ReplyTooLarge or ProviderUnreachable
 */
export function boundedFetch(deadline: AbortSignal): CustomFetch {
  return async (url, options) => {
    const signal = AbortSignal.any(options.signal ? [deadline, options.signal] : [deadline]);
    const init = { ...options, redirect: 'manual', signal } as RequestInit;
    try {
      const reply = await fetch(url, init);
      const body = reply.body === null ? null : await readBounded(reply.body);
      return new Response(body, { status: reply.status, headers: reply.headers });
    } catch (error) {
      if (error instanceof ReplyTooLarge) throw error;
      throw new ProviderUnreachable('no reply', { cause: error });
    }
  };
}

async function readBounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxReplyBytes)
      throw new ReplyTooLarge(`a provider sent over ${maxReplyBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
