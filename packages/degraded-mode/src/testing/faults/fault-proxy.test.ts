import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestRedis, testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import type { FaultMode } from './fault-mode.ts';
import { FaultProxy } from './fault-proxy.ts';
import { errorFaults, proxyFaults } from './proxy-faults.ts';

interface Scene extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly proxy: FaultProxy;
}

async function scene(): Promise<Scene> {
  const parts = new AsyncDisposableStack();
  const redis = parts.use(await testRedis());
  const proxy = parts.use(await FaultProxy.start(redis.port));
  return { redis, proxy, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** A raw client: what it was sent so far, and how its connection ended. */
class RawClient implements Disposable {
  readonly socket: Socket;
  received = '';
  ending: string | undefined;
  readonly #ended: Promise<string>;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('data', (data) => {
      this.received += data.toString('latin1');
    });
    this.socket.on('error', (error) => {
      this.ending = 'code' in error ? String(error.code) : error.message;
    });
    this.#ended = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.ending ??= 'closed';
        resolve(this.ending);
      });
    });
  }

  /** Sends and waits until so much more was received. */
  async ask(text: string, replyLength: number): Promise<string> {
    const from = this.received.length;
    this.socket.write(text);
    await eventually(() => expect(this.received.length).toBeGreaterThanOrEqual(from + replyLength));
    return this.received.slice(from);
  }

  untilEnded(): Promise<string> {
    return this.#ended;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

const resp = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

describe('a fault proxy', () => {
  it('passes commands and replies on, several at once and in pieces', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    expect(await client.ask(resp('SET', 'a', '1') + resp('GET', 'a'), 12)).toBe(
      '+OK\r\n$1\r\n1\r\n',
    );
    client.socket.write('GE');
    expect(await client.ask('T a\r\n', 7)).toBe('$1\r\n1\r\n');
    const large = 'x'.repeat(3_000_000);
    await client.ask(resp('SET', 'b', large), 5);
    expect(await client.ask(resp('GET', 'b'), large.length + 12)).toBe(`$3000000\r\n${large}\r\n`);
  });

  it('lets the server complain about what is no command', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    client.socket.write('*1\r\nx\r\n');
    expect(await client.untilEnded()).toBe('closed');
    expect(client.received).toMatch(/^-ERR Protocol error/);
  });

  it('refused: resets what is open and lets nobody in, until it passes again', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    await client.ask('PING\r\n', 7);
    await s.proxy.setMode({ kind: 'refused' });
    expect(await client.untilEnded()).toBe('ECONNRESET');
    using second = new RawClient(s.proxy.port);
    expect(await second.untilEnded()).toBe('ECONNREFUSED');
    await s.proxy.setMode({ kind: 'pass' });
    using third = new RawClient(s.proxy.port);
    expect(await third.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  it('black hole: accepts and answers nothing, and Redis hears nothing', async () => {
    await using s = await scene();
    using open = new RawClient(s.proxy.port);
    await open.ask('PING\r\n', 7);
    await s.proxy.setMode({ kind: 'blackHole' });
    using late = new RawClient(s.proxy.port);
    await once(late.socket, 'connect');
    open.socket.write('SET lost 1\r\n');
    late.socket.write('SET lost 1\r\n');
    using direct = new RawClient(s.redis.port);
    await eventually(async () => expect(s.proxy.bytesLost).toBe(24));
    expect(await direct.ask('GET lost\r\n', 5)).toBe('$-1\r\n');
    expect([open.received, late.received]).toEqual(['+PONG\r\n', '']);
    await s.proxy.setMode({ kind: 'pass' });
    expect(await open.untilEnded()).toBe('ECONNRESET');
    expect(await late.untilEnded()).toBe('ECONNRESET');
  });

  it('slow: each reply comes later, and what is delayed comes at once when that is over', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    await client.ask('PING\r\n', 7);
    await s.proxy.setMode({ kind: 'slow', delayMs: 200 });
    const startedAt = performance.now();
    await client.ask('PING\r\nPING\r\n', 14);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(198);
    await s.proxy.setMode({ kind: 'slow', delayMs: 600_000 });
    client.socket.write('SET kept 1\r\n');
    using direct = new RawClient(s.redis.port);
    await eventually(async () => expect(await direct.ask('GET kept\r\n', 5)).toContain('1'));
    await s.proxy.setMode({ kind: 'pass' });
    expect(await client.ask('PING\r\n', 12)).toBe('+OK\r\n+PONG\r\n');
  });

  it.each([
    ['resetMidReply', 'ECONNRESET'],
    ['halfReply', 'still open'],
  ] as const)('%s: Redis did it, half of the reply comes', async (kind, how) => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    await client.ask('PING\r\n', 7);
    await s.proxy.setMode({ kind });
    expect(await client.ask('SET done 1\r\nSET done 1\r\n', 2)).toBe('+O');
    if (how === 'ECONNRESET') expect(await client.untilEnded()).toBe(how);
    else expect(client.ending).toBeUndefined();
    using direct = new RawClient(s.redis.port);
    expect(await direct.ask('GET done\r\n', 7)).toBe('$1\r\n1\r\n');
    await s.proxy.setMode({ kind: 'pass' });
    expect(await client.untilEnded()).toBe('ECONNRESET');
  });

  it('refuses commands in their turn, between replies of the server', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    await client.ask(resp('SET', 'a', '1'), 5);
    await s.proxy.setMode({ kind: 'refusing', state: 'READONLY' });
    const asked = [['GET', 'a'], ['SET', 'a', '2'], ['GET', 'a'], ['EVALSHA', 'x', '0'], ['PING']];
    const expected = [
      '$1\r\n1\r\n',
      "-READONLY You can't write against a read only replica.\r\n",
      '$1\r\n1\r\n',
      "-READONLY You can't write against a read only replica.\r\n",
      '+PONG\r\n',
    ].join('');
    const text = asked.map((words) => resp(...words)).join('');
    expect(await client.ask(text, expected.length)).toBe(expected);
    expect(await client.ask('DEL a\r\nGET a\r\n', 60)).toMatch(/^-READONLY .*\r\n\$1\r\n1\r\n$/);
  });

  it('answers the commands that it is told to with any error, in their turn', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    const error = 'XYZZY no';
    await s.proxy.setMode({ kind: 'answering', error, to: (command) => command === 'set' });
    const text = resp('PING') + resp('SET', 'a', '1') + resp('GET', 'a');
    expect(await client.ask(text, 22)).toBe('+PONG\r\n-XYZZY no\r\n$-1\r\n');
    await s.proxy.setMode({ kind: 'answering', error, to: () => true });
    expect(await client.ask(resp('SUBSCRIBE', 'a', 'b'), 11)).toBe('-XYZZY no\r\n');
  });

  it('is not confused by messages of pub/sub', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    using direct = new RawClient(s.redis.port);
    const subscribed = await client.ask(resp('SUBSCRIBE', 'a', 'b'), 60);
    expect(subscribed.match(/subscribe/g)).toHaveLength(2);
    expect(await direct.ask('PUBLISH a hello\r\n', 4)).toBe(':1\r\n');
    await eventually(() => expect(client.received).toContain('hello'));
    await s.proxy.setMode({ kind: 'refusing', state: 'MISCONF' });
    expect(await client.ask('UNSUBSCRIBE a b\r\nPING\r\n', 300)).toMatch(/unsubscribe.*-MISCONF/s);
  });

  it('flapping: is there and not there in turn, and can be ended', async () => {
    await using s = await scene();
    await s.proxy.setMode({ kind: 'flapping', everyMs: 50 });
    const seen: string[] = [];
    await eventually(async () => {
      using client = new RawClient(s.proxy.port);
      const connected = new Promise((resolve) => client.socket.once('connect', resolve));
      await Promise.race([connected, client.untilEnded()]);
      seen.push(client.ending === 'ECONNREFUSED' ? 'refused' : 'connected');
      expect(new Set(seen).size).toBe(2);
      expect(seen.length).toBeGreaterThan(4);
    });
    await s.proxy.setMode({ kind: 'pass' });
    using client = new RawClient(s.proxy.port);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  it('resets its clients when the server behind it is gone, and continues when it is back', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    await client.ask('PING\r\n', 7);
    await s.redis.kill();
    await client.untilEnded();
    using second = new RawClient(s.proxy.port);
    expect(await second.untilEnded()).toBe('ECONNRESET');
    await s.redis.restart();
    using third = new RawClient(s.proxy.port);
    expect(await third.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  it('keeps no more than it should for a client that does not read', async () => {
    await using s = await scene();
    using client = new RawClient(s.proxy.port);
    await client.ask(resp('SET', 'big', 'x'.repeat(1_000_000)), 5);
    client.socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    client.socket.write(resp('GET', 'big').repeat(100));
    using direct = new RawClient(s.redis.port);
    await eventually(async () => {
      expect(await direct.ask('INFO clients\r\n', 50)).toMatch(/client_recent_max_output/);
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
  });

  const faults = [...proxyFaults, ...errorFaults];

  it.each(faults.map(({ name }) => name))('begins and ends the fault %s', async (name) => {
    await using s = await scene();
    const fault = faults.find((one) => one.name === name);
    await fault?.begin(s.proxy);
    expect(s.proxy.mode).not.toEqual({ kind: 'pass' } satisfies FaultMode);
    await fault?.end(s.proxy);
    using client = new RawClient(s.proxy.port);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });
});
