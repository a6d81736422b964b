import { IncomingMessage, type ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { createLogger } from '@secureconnect/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openUpstream } from '../src/proxy/sockets/open-upstream.ts';
import type { Instance } from '../src/proxy/upstreams/instance.ts';
import { resolveBySystem } from '../src/proxy/upstreams/origin.ts';
import { Upstream } from '../src/proxy/upstreams/upstream.ts';
import { startUpstream, type TestUpstream } from './harness.ts';

const log = createLogger({ service: 'gateway', level: 'silent' });
const timeouts = { connectMs: 500, headersMs: 1000, idleMs: 1000 };
/** Both are this machine. */
const [one, two] = ['127.0.0.1', '127.0.0.2'] as const;

let parts = new AsyncDisposableStack();
let port = 0;
let upstream: Upstream;

/** Answers where it was reached and by which name it was called. */
const sayWho = (request: IncomingMessage, reply: ServerResponse): unknown =>
  reply.end(JSON.stringify({ at: request.socket.localAddress, host: request.headers.host }));

beforeEach(async () => {
  parts = new AsyncDisposableStack();
  const first: TestUpstream = parts.use(await startUpstream(sayWho, 0, one));
  port = Number(new URL(first.origin).port);
  const second = parts.use(await startUpstream(sayWho, port, two));
  for (const { server } of [first, second]) {
    server.on('upgrade', (request, socket) => {
      socket.end(`HTTP/1.1 403 Forbidden\r\nX-At: ${request.socket.localAddress}\r\n\r\n`);
    });
  }
  upstream = new Upstream('chat', [`http://chat.test:${port}`], timeouts, log);
  parts.defer(() => upstream.close());
});
afterEach(() => parts.disposeAsync());

const names = (instances: readonly Instance[]): string[] => instances.map(({ name }) => name);
const at = (address: string): string => `http://${address}:${port}`;
const whoAnswers = async (instance: Instance) => (await instance.getJson('/', 1000)).body;

describe('a name that several instances share', () => {
  it('leads to each of them in turn, called by the name', async () => {
    await upstream.refresh(async () => [two, one]);
    const answers = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const [first] = upstream.inTurn();
      if (first !== undefined) answers.push(await whoAnswers(first));
    }
    const host = `chat.test:${port}`;
    const both = [one, two].map((address) => ({ at: address, host }));
    expect(answers).toEqual([...both, ...both]);
  });

  it('leads a socket to the instance that its key belongs to', async () => {
    await upstream.refresh(async () => [one, two]);
    const found = new Set<string | undefined>();
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const [best] = upstream.byKey(key);
      if (best === undefined) continue;
      const { url, lookup, name } = best;
      const headers = ['Host', 'x', 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
      const asked = { url, lookup, path: '/', headers, timeouts, client: new PassThrough() };
      const { rawHeaders, opened } = await openUpstream(asked);
      if (opened instanceof IncomingMessage) opened.resume();
      expect(rawHeaders).toEqual(['X-At', new URL(name).hostname]);
      found.add(name);
    }
    expect(found.size).toBe(2);
  });

  it('keeps the instances that stay, and drops those that are gone', async () => {
    await upstream.refresh(async () => [one, two, '127.0.0.3']);
    const before = upstream.instances;
    await upstream.refresh(async () => [two, '127.0.0.3']);
    expect(names(upstream.instances)).toEqual([at(two), at('127.0.0.3')]);
    expect(upstream.instances[0]).toBe(before[1]);
    expect(before[0]?.pool.closed).toBe(true);
    expect(before[1]?.pool.closed).toBe(false);
  });

  it('lets a dropped instance finish its requests', async () => {
    let answer: (() => void) | undefined;
    const slow = parts.use(
      await startUpstream((_request, reply) => (answer = () => reply.end('{}')), 0, one),
    );
    const { port: slowPort } = new URL(slow.origin);
    const other = new Upstream('chat', [`http://chat.test:${slowPort}`], timeouts, log);
    parts.defer(() => other.close());
    await other.refresh(async () => [one, two]);
    const asked = other.instances[0]?.getJson('/', 5000);
    const arrived = new Promise((resolve) => slow.server.once('request', resolve));
    await arrived;
    await other.refresh(async () => [two, '127.0.0.3']);
    answer?.();
    expect((await asked)?.status).toBe(200);
  });

  it('is used as it is while it has one address, or no known one', async () => {
    const itself = `http://chat.test:${port}`;
    expect(names(upstream.instances)).toEqual([itself]);
    await upstream.refresh(async () => [one]);
    expect(names(upstream.instances)).toEqual([itself]);
  });

  it('keeps its instances while it cannot be resolved, and says why', async () => {
    await upstream.refresh(async () => [one, two]);
    const failing = async (): Promise<never> => {
      throw new Error('nobody answers');
    };
    await expect(upstream.refresh(failing)).rejects.toThrow('nobody answers');
    expect(names(upstream.instances)).toEqual([at(one), at(two)]);
  });

  it('is not looked up if it is an address, or this machine itself', async () => {
    const origins = ['http://127.0.0.1:1', 'http://[::1]:1', 'http://localhost:1'];
    const fixed = new Upstream('chat', origins, timeouts, log);
    parts.defer(() => fixed.close());
    await fixed.refresh(async (name) => {
      throw new Error(`looked up ${name}`);
    });
    expect(names(fixed.instances)).toEqual(origins);
  });

  it('is resolved as the system does, one address for an instance with two families', async () => {
    const found = await resolveBySystem('localhost');
    expect(found).toEqual(['127.0.0.1']);
  });
});
