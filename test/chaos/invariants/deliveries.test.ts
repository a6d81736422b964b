import { describe, expect, it } from 'vitest';
import { deliveries } from './deliveries.ts';
import { madeUp, outage, sent, socket } from './made-up.ts';

const operations = [sent('a', 'm1')];

describe('deliveries to sockets', () => {
  it('are correct if every socket has received everything once', () => {
    const sockets = [socket('chat-1', 'm1'), socket('chat-2', 'm1')];
    const { broken, seen } = deliveries.judge(madeUp({ operations, sockets }));
    expect(broken).toEqual([]);
    expect(seen).toBe('2 deliveries to 2 sockets, 2 due');
  });

  it('must not arrive twice', () => {
    const twice = socket('chat-1', 'm1', 'm1');
    const { broken } = deliveries.judge(madeUp({ operations, sockets: [twice] }));
    expect(broken).toEqual([`socket ${twice.id} heard m1 2 times`]);
  });

  it('must reach the sockets of the instance that accepted the message, also in an outage', () => {
    const brief = (instance: string) => ({ ...socket(instance), closedMs: 5000 });
    const sockets = [brief('chat-1'), brief('chat-2')];
    const { broken } = deliveries.judge(madeUp({ operations, sockets, faults: [outage(0, 100)] }));
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(`socket ${sockets[0]?.id} (chat-1) missed`);
  });

  it('must reach other instances too in normal operation', () => {
    const { broken } = deliveries.judge(madeUp({ operations, sockets: [socket('chat-2')] }));
    expect(broken).toHaveLength(1);
  });

  it('must reach other instances in an outage too, a little later', () => {
    const faults = [outage(0, 100)];
    const missing = { ...socket('chat-2'), closedMs: 20_000 };
    const gone = { ...socket('chat-2'), closedMs: 10_000 };
    const { broken } = deliveries.judge(madeUp({ operations, sockets: [missing, gone], faults }));
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(`socket ${missing.id} (chat-2) missed`);
  });

  it('must not come back to the sending socket', () => {
    const own = socket('chat-1', 'm1');
    const spoken = [sent('a', 'm1', { facts: { socketId: own.id } })];
    const { broken } = deliveries.judge(madeUp({ operations: spoken, sockets: [own] }));
    expect(broken).toEqual([`socket ${own.id} heard m1, which it said`]);
    const postedToo = [...spoken, sent('a', 'm1')];
    expect(deliveries.judge(madeUp({ operations: postedToo, sockets: [own] })).broken).toEqual([]);
  });

  it('are not owed to a sender, nor to a socket that was not always open', () => {
    const own = socket('chat-1');
    const spoken = [sent('a', 'm1', { facts: { socketId: own.id } })];
    const late = { ...socket('chat-1'), openedMs: 5 };
    const gone = { ...socket('chat-1'), closedMs: 1000 };
    const elsewhere = { ...socket('chat-1'), conversationIds: ['another'] };
    const sockets = [own, late, gone, elsewhere];
    expect(deliveries.judge(madeUp({ operations: spoken, sockets })).broken).toEqual([]);
  });
});
