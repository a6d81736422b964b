import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type BrowserPage,
  eventually,
  programSkipReason,
  startBrowser,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const skipReason = programSkipReason(['chromium']);
const worker = readFileSync(
  join(import.meta.dirname, '../../services/video/examples/push-worker.js'),
  'utf8',
);

interface Shown {
  readonly title: string;
  readonly tag: string;
}

describe.skipIf(skipReason !== '')(`the service worker of docs/push.md${skipReason}`, () => {
  const parts = new AsyncDisposableStack();
  let page: BrowserPage;
  let origin: string;
  beforeAll(async () => {
    const server = createServer(({ url }, response) => {
      const isWorker = url === '/push-worker.js';
      response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
      response.end(isWorker ? worker : '<!doctype html><title>Push</title>');
    });
    parts.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    page = parts.use(await startBrowser());
    await page.allowNotifications(origin);
    await page.open(`${origin}/`);
    await page.evaluate(`await navigator.serviceWorker.register('/push-worker.js');
      await navigator.serviceWorker.ready; true`);
  });
  afterAll(() => parts.disposeAsync());

  const deliver = (push: object): Promise<void> => page.deliverPush(origin, JSON.stringify(push));

  const shown = async (tag: string): Promise<Shown[]> =>
    (await page.evaluate(`(await (await navigator.serviceWorker.ready)
      .getNotifications({ tag: '${tag}' })).map(({ title, tag }) => ({ title, tag }))`)) as Shown[];

  /** Chromium at times loses a push that comes just after others; it is delivered again then. */
  const untilShown = (push: object, tag: string, title: string): Promise<void> =>
    eventually(
      async () => {
        await deliver(push);
        expect(await shown(tag)).toEqual([{ title, tag }]);
      },
      { intervalMs: 500 },
    );

  it('shows one notification for a call, and replaces it when the call does not ring any more', async () => {
    const call = { call_id: 'a-call', conversation_id: 'a-conversation' };
    const ring_until = new Date(Date.now() + 30_000).toISOString();
    const isOver = { type: 'call_ended', ...call, reason: 'cancelled' };
    await untilShown({ type: 'call_ringing', ...call, ring_until }, 'a-call', 'Incoming call');
    await untilShown({ type: 'call_answered', ...call }, 'a-call', 'Answered elsewhere');
    await untilShown(isOver, 'a-call', 'Missed call');
  });

  it('does not ring for a call whose time is over', async () => {
    const ring_until = new Date(Date.now() - 1000).toISOString();
    const late = { type: 'call_ringing', call_id: 'late', conversation_id: 'c', ring_until };
    await untilShown(late, 'late', 'Missed call');
  });

  it('shows one notification for the messages of a conversation', async () => {
    for (const message_id of ['one', 'two']) {
      const message = { type: 'message', conversation_id: 'talk', message_id, from: 'ada' };
      await untilShown(message, 'talk', 'New message');
    }
  });
});
