import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface ProxyFaults {
  /** Where a request goes; default: to the gateway. */
  readonly target?: (path: string) => string | undefined;
  /** Headers that it adds to requests. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** Headers that it replaces in replies. */
  readonly replyHeaders?: () => Readonly<Record<string, string>>;
}

/** A reverse proxy in front of a gateway, as an operator may get it wrong. */
export async function startProxyInFront(
  gatewayUrl: string,
  { replyHeaders, requestHeaders = {}, target }: ProxyFaults,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const reply = await fetch(target?.(path) ?? `${gatewayUrl}${path}`, {
      method: request.method ?? 'GET',
      headers: { 'Content-Type': 'application/json', ...requestHeaders },
      ...(await bodyOf(request)),
    });
    response.writeHead(reply.status, {
      'Content-Type': reply.headers.get('content-type') ?? 'text/plain',
      ...replyHeaders?.(),
    });
    response.end(Buffer.from(await reply.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(
  request: IncomingMessage,
): Promise<{ readonly body?: Uint8Array<ArrayBuffer> }> {
  if (request.method !== 'POST') return {};
  return { body: new Uint8Array(await buffer(request)) };
}
