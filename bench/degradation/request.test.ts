import { describe, expect, it } from 'vitest';
import { epochMs } from '../support/child.ts';
import { localServer } from './local-server.ts';
import { send } from './request.ts';
import { hungAfterMs } from './sample.ts';

const answering = (status: number, text: string) =>
  localServer((_request, reply) => reply.writeHead(status).end(text));

describe('a request of the load', () => {
  it('is timed from when it was due, not from when it was sent', async () => {
    await using server = await answering(200, '{"source":"redis"}');
    const dueMs = epochMs() - 700;
    const { latencyMs, ...rest } = await send(server.port, dueMs);
    expect(rest).toEqual({ dueMs, outcome: 'redis' });
    expect(latencyMs).toBeGreaterThanOrEqual(700);
  });

  it('ends with who counted it, with a different status, or unreadable', async () => {
    await using local = await answering(200, '{"source":"local"}');
    await using failing = await answering(500, '{"source":"redis"}');
    await using strange = await answering(200, '{}');
    const ports = [local.port, failing.port, strange.port];
    const samples = await Promise.all(ports.map((port) => send(port, epochMs())));
    expect(samples.map(({ outcome }) => outcome)).toEqual(['local', '500', 'unreadable']);
  });

  it('ends with the code of a broken connection', async () => {
    await using broken = await localServer((request) => request.socket.resetAndDestroy());
    const { port } = broken;
    expect(await send(port, epochMs())).toMatchObject({ outcome: 'ECONNRESET' });
    await broken[Symbol.asyncDispose]();
    expect(await send(port, epochMs())).toMatchObject({ outcome: 'ECONNREFUSED' });
  });

  it('is given up at the cap after it was due, and has that latency', async () => {
    await using silent = await localServer(() => undefined);
    const sentMs = epochMs();
    const sample = await send(silent.port, sentMs - hungAfterMs + 60);
    expect(sample.outcome).toBe('hung');
    // A timer counts whole milliseconds of its own clock, and may be a little early by this one.
    expect(sample.latencyMs).toBeGreaterThanOrEqual(hungAfterMs - 5);
    expect(sample.latencyMs).toBeLessThan(hungAfterMs + 1000);
    expect(epochMs() - sentMs).toBeLessThan(1000);
  });
});
