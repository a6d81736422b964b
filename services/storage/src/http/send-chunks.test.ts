import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Take } from '../objects/object-store.ts';
import { sendChunks } from './send-chunks.ts';

/** A server, and a connection to it. */
async function connected(
  serve: RequestListener,
  resources: AsyncDisposableStack,
): Promise<{ server: Server; client: Socket }> {
  const server = createServer(serve);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  resources.defer(() => new Promise((resolve) => void server.close(() => resolve())));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  resources.defer(() => void client.destroy());
  await once(client, 'connect');
  return { server, client };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

it('takes a chunk when the system has it, and ends the reply', async () => {
  await using resources = new AsyncDisposableStack();
  const { client } = await connected((_request, response) => {
    void sendChunks(async (take) => {
      const memory = Buffer.alloc(100_000);
      for (let letter = 0; letter < 26; letter += 1) await take(memory.fill(97 + letter));
    }, response);
  }, resources);
  client.end(get('/'));
  let text = '';
  for await (const chunk of client) text += chunk;
  const letters = Array.from({ length: 26 }, (_, letter) => String.fromCharCode(97 + letter));
  // Taken chunks whose memory was used again would be other letters. Headers have no such runs.
  const runs = text.match(/([a-z])\1{999}/g)?.map(([letter]) => letter);
  expect([...new Set(runs)]).toEqual(letters);
  expect(text.endsWith('0\r\n\r\n')).toBe(true);
});

it('passes on the error of the source', async () => {
  await using resources = new AsyncDisposableStack();
  const failed = Promise.withResolvers<unknown>();
  const { client } = await connected((_request, response) => {
    const broken = async (): Promise<void> => {
      throw new Error('the disk is broken');
    };
    void sendChunks(broken, response).catch(failed.resolve);
  }, resources);
  client.write(get('/'));
  expect(await failed.promise).toMatchObject({ message: 'the disk is broken' });
});

it('does not end a reply with fewer bytes than were announced as if it were whole', async () => {
  await using resources = new AsyncDisposableStack();
  const { client } = await connected((_request, response) => {
    response.setHeader('Content-Length', 10);
    const short = (take: Take): Promise<void> => take(Buffer.from('nine only'));
    sendChunks(short, response).catch(() => response.destroy());
  }, resources);
  client.write(get('/'));
  const ended = once(client.resume(), 'end').then(() => 'ended');
  const waits = setTimeout(1000, 'waits', { ref: false });
  expect(await Promise.race([ended, waits])).toBe('ended');
});

it.each([
  ['in the middle of its reply', [get('/endless')]],
  ['while its reply waits behind an earlier one', [get('/silent'), get('/endless')]],
])('stops without an error when the client leaves %s', async (_when, requests) => {
  await using resources = new AsyncDisposableStack();
  const began = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const { client } = await connected((request, response) => {
    if (request.url === '/silent') return;
    const endless = async (take: (chunk: Uint8Array) => Promise<void>): Promise<void> => {
      const chunk = Buffer.alloc(100_000);
      began.resolve();
      for (;;) await take(chunk);
    };
    sendChunks(endless, response).then(ended.resolve, ended.reject);
  }, resources);
  client.write(requests.join(''));
  await began.promise;
  client.destroy();
  await ended.promise;
});
