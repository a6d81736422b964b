import { Agent, type IncomingMessage, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Ends the connections that are kept open. */
export function closeConnections(): void {
  agent.destroy();
}

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Sends a request over a connection that is kept open. Throws Error unless the status is 200. */
export async function send(
  url: string,
  { method, headers = {}, body }: Sent,
): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const sending = request(url, { method, agent, headers: { ...headers, ...length } }, resolve);
    sending.on('error', reject);
    sending.end(body);
  });
  if (response.statusCode === 200) return response;
  throw new Error(`${method} ${url} answered ${response.statusCode}: ${await textOf(response)}`);
}

/** Reads a reply to its end; resolves to the number of its bytes. */
export async function sizeOf(response: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return bytes;
}

/** The whole reply as text. */
export async function textOf(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
