import { randomUUID } from 'node:crypto';
import type { SocketClient } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { worldOfFile } from './harness.ts';

const world = await worldOfFile();
const one = await world.start();
const two = await world.start();

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
let callId: string;
let a: SocketClient;
beforeEach(async () => {
  [ada, bob] = [someone(), someone()];
  callId = await one.ring(ada, await world.conversation(ada, bob));
  await one.call(bob, 'POST', `/v1/calls/${callId}/join`);
  a = await one.open(ada, callId);
  return () => a.close();
});

/** Sends a frame of ada to bob, and returns the type and code of the answer. */
async function send(type: string, data: object): Promise<string> {
  const id = randomUUID();
  a.send({ type, id, call_id: callId, to: bob.userId, data });
  const answer = await a.next((frame) => frame['id'] === id);
  return [answer.type, answer['code']].filter((part) => part !== undefined).join(' ');
}

const offer = (sdp: string) => send('offer', { sdp });
const candidate = (name: string) => send('ice_candidate', { candidate: name });

/** What a socket of bob gets first, with what it carries. */
async function received(socket: SocketClient, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { type, from, data } = await socket.next(
      (frame) => frame.type === 'offer' || frame.type === 'ice_candidate',
    );
    expect(from).toBe(ada.userId);
    texts.push(`${type} ${Object.values(data as object).join(' ')}`);
  }
  return texts;
}

describe('an offer to a peer without a socket', () => {
  it('is delivered with its candidates, in order, when the peer opens one on any instance', async () => {
    expect(await offer('old')).toBe('ack');
    expect(await candidate('of the old one')).toBe('ack');
    expect(await offer('new')).toBe('ack');
    for (const name of ['first', 'second', '']) expect(await candidate(name)).toBe('ack');
    const b = await two.open(bob, callId);
    expect(await offer('live')).toBe('ack');
    expect(await received(b, 5)).toEqual([
      ...['offer new', 'ice_candidate first', 'ice_candidate second', 'ice_candidate '],
      'offer live',
    ]);
    await b.close();
    // It was taken: the next socket gets nothing, as the absence of an older frame shows.
    await a.next('peer_left');
    expect(await offer('again')).toBe('ack');
    await using back = await one.open(bob, callId);
    expect(await received(back, 1)).toEqual(['offer again']);
    expect(back.frames).toEqual([]);
  });

  it('is kept for 30 s, and not when its sender has left the call', async () => {
    expect(await offer('late')).toBe('ack');
    await world.database.execute(
      `UPDATE video.kept_signals SET at = now() - interval '31 seconds' WHERE call_id = $1`,
      [callId],
    );
    const first = await two.open(bob, callId);
    expect(await offer('live')).toBe('ack');
    expect(await received(first, 1)).toEqual(['offer live']);
    await first.close();
    await a.next('peer_left');
    expect(await offer('of somebody who leaves')).toBe('ack');
    await world.database.execute(
      `UPDATE video.call_participants SET state = 'left' WHERE call_id = $1 AND user_id = $2`,
      [callId, ada.userId],
    );
    await using second = await two.open(bob, callId);
    await world.database.execute(
      `UPDATE video.call_participants SET state = 'joined' WHERE call_id = $1 AND user_id = $2`,
      [callId, ada.userId],
    );
    expect(second.frames.filter(({ type }) => type === 'offer')).toEqual([]);
  });

  it('is also kept of a user who is still being called', async () => {
    const [caller, callee] = [someone(), someone()];
    const rung = await one.ring(caller, await world.conversation(caller, callee));
    await using early = await one.open(callee, rung);
    const frame = {
      type: 'offer',
      id: '1',
      call_id: rung,
      to: caller.userId,
      data: { sdp: 'v=0' },
    };
    await early.ask(frame, 'ack');
    await using late = await two.open(caller, rung);
    expect(await late.next('offer')).toMatchObject({ from: callee.userId });
  });

  it('has at most 64 candidates', async () => {
    await offer('many');
    for (let number = 1; number <= 64; number += 1) {
      expect(await candidate(`candidate ${number}`)).toBe('ack');
    }
    expect(await candidate('one too many')).toBe('error PEER_AWAY');
  });
});

it('answers everything else to a peer without a socket with PEER_AWAY', async () => {
  expect(await candidate('without an offer')).toBe('error PEER_AWAY');
  expect(await send('answer', { sdp: 'v=0' })).toBe('error PEER_AWAY');
  expect(await send('mute_audio', { muted: true })).toBe('error PEER_AWAY');
  // A frame to all is for those who are there.
  a.send({ type: 'mute_audio', id: 'all', call_id: callId, data: { muted: true } });
  expect(await a.next('ack')).toMatchObject({ id: 'all' });
});

it('keeps no offer for a user who is not in the call', async () => {
  const eve = someone();
  const group = await one.ring(ada, await world.conversation(ada, bob, eve)).catch(() => undefined);
  expect(group).toBeDefined();
  await one.call(bob, 'POST', `/v1/calls/${group}/join`);
  await one.call(eve, 'POST', `/v1/calls/${group}/decline`);
  await using socket = await one.open(ada, String(group));
  const frame = { type: 'offer', id: '1', call_id: group, to: eve.userId, data: { sdp: 'v=0' } };
  expect(await socket.ask(frame, 'error')).toMatchObject({ code: 'PEER_AWAY' });
});
