import { createServer } from 'node:http';

/** How webhooks travel: at once, twice, not at all, or only when they are released. */
export type Journey = 'at once' | 'twice' | 'lost' | 'late';

interface Webhook {
  readonly body: string;
  readonly authorization: string;
  readonly contentType: string;
}

/** Between LiveKit and the gateway: every webhook is accepted here, and travels on as told. */
export interface WebhookRelay extends AsyncDisposable {
  readonly url: string;
  journey: Journey;
  /** The events that have come from LiveKit, by name. */
  readonly events: readonly string[];
  /** Sends what was held back, the newest first. Resolves to the statuses of the replies. */
  release(): Promise<number[]>;
}

export async function relayWebhooks(targetUrl: string): Promise<WebhookRelay> {
  const held: Webhook[] = [];
  const events: string[] = [];
  const send = async ({ body, authorization, contentType }: Webhook): Promise<number> => {
    const headers = { authorization, 'content-type': contentType };
    const response = await fetch(targetUrl, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  const travel = async (webhook: Webhook, journey: Journey): Promise<number> => {
    if (journey === 'late') held.push(webhook);
    if (journey === 'late' || journey === 'lost') return 200;
    const status = await send(webhook);
    return journey === 'twice' ? Math.max(status, await send(webhook)) : status;
  };
  const server = createServer(async (request, response) => {
    const { authorization = '', 'content-type': contentType = '' } = request.headers;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    events.push((JSON.parse(body) as { event: string }).event);
    const status = await travel({ body, authorization, contentType }, relay.journey);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const relay: WebhookRelay = {
    url: `http://127.0.0.1:${address.port}/`,
    journey: 'at once',
    events,
    async release() {
      const statuses: number[] = [];
      for (const webhook of held.splice(0).reverse()) statuses.push(await send(webhook));
      return statuses;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
