import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLogger } from '@secureconnect/service';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forward } from '../src/proxy/forward.ts';
import { Upstream } from '../src/proxy/upstreams/upstream.ts';
import { startUpstream } from './harness.ts';

const log = createLogger({ service: 'gateway', level: 'silent' });
const timeouts = { connectMs: 500, headersMs: 1000, idleMs: 1000 };
/** All are this machine; nobody listens at the last ones. */
const [one, two, dead, gone] = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;

let parts = new AsyncDisposableStack();
let upstream: Upstream;
/** What happens once a request is on its way to its first instance. */
let meanwhile: () => Promise<void>;

async function relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const client = { clientAddress: one, protocol: 'http', host: undefined, requestId: 'one' };
  const options = { bodyLimitBytes: 100, receivedBody: undefined, degraded: '' };
  const forwarded = forward({ incoming, outgoing, log, ...client }, upstream, options);
  const answered = forwarded.catch(() => void outgoing.writeHead(502).end());
  await meanwhile();
  await answered;
}

beforeEach(async () => {
  parts = new AsyncDisposableStack();
  const start = (port: number, address: string) =>
    startUpstream((_request, reply) => reply.end('normal'), port, address);
  const first = parts.use(await start(0, one));
  const port = Number(new URL(first.origin).port);
  parts.use(await start(port, two));
  upstream = new Upstream('chat', [`http://localhost.test:${port}`], timeouts, log);
  parts.defer(() => upstream.close());
});
afterEach(() => parts.disposeAsync());

/** The status of a request through a gateway. */
async function statusOf(init?: RequestInit): Promise<number> {
  const gateway = parts.use(
    await startUpstream((incoming, outgoing) => void relay(incoming, outgoing)),
  );
  return (await fetch(gateway.origin, init)).status;
}

// In a rolling restart: the connection to the one that stops takes a while to fail, in which its
// name is resolved again.
it('a request whose instances are replaced while it connects is sent to one of the new', async () => {
  await upstream.refresh(async () => [dead, gone]);
  meanwhile = () => upstream.refresh(async () => [one, two]);
  expect(await statusOf({ method: 'POST', body: 'whole' })).toBe(200);
});

it('a new instance that does not listen yet is not the last one that is tried', async () => {
  await upstream.refresh(async () => [gone, one]);
  meanwhile = () => upstream.refresh(async () => [dead, one]);
  for (let turn = 0; turn < 4; turn += 1) expect(await statusOf()).toBe(200);
});

it('no more than three connections are tried', async () => {
  await upstream.refresh(async () => [dead, gone, '127.0.0.5', '127.0.0.6']);
  meanwhile = async () => {};
  expect(await statusOf()).toBe(502);
  expect(upstream.instances.filter(({ avoidedUntilMs }) => avoidedUntilMs > 0).length).toBe(3);
});
