import { createHmac, randomUUID } from 'node:crypto';
import { IceServers } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { newWorld, type VideoReply, worldOfFile } from './harness.ts';

const secret = 'a TURN secret of the tests, long enough';
const turn = {
  STUN_URLS: 'stun:stun.example.org:3478',
  TURN_URLS: 'turn:turn.example.org:3478,turn:turn.example.org:3478?transport=tcp',
  TURN_SECRET: secret,
  TURN_CREDENTIAL_SECONDS: '120',
};

const world = await worldOfFile();
let video = await world.start(turn);

const iceServers = (user: TestUser | undefined, callId: string): Promise<VideoReply> =>
  video.call(user, 'GET', `/v1/calls/${callId}/ice-servers`);
const act = (user: TestUser, callId: string, action: string): Promise<VideoReply> =>
  video.call(user, 'POST', `/v1/calls/${callId}/${action}`);
const outcome = ({ status, body }: VideoReply) => [status, body.error?.code, body.error?.message];
const usernameIn = (servers: readonly { readonly username?: string }[]): string =>
  servers.find(({ username }) => username !== undefined)?.username ?? '';
/** By which the TURN server counts. */
const idIn = (servers: Parameters<typeof usernameIn>[0]): string =>
  usernameIn(servers).split(':')[1] ?? '';

const notInIt = [409, 'CONFLICT', 'You are not in this call; join it first.'];
const noSuchCall = [404, 'NOT_FOUND', 'There is no such call.'];

describe('the ICE servers of a call', () => {
  it('come with a credential of the user in the call, which expires', async () => {
    const [ada, bob] = [someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    const reply = await iceServers(ada, callId);
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { ice_servers, expires_in, renew_in } = IceServers.parse(reply.body.data);
    expect([expires_in, renew_in]).toEqual([120, 60]);
    const [stun, relay] = ice_servers;
    expect(stun).toEqual({ urls: ['stun:stun.example.org:3478'] });
    expect(relay?.urls).toEqual([
      'turn:turn.example.org:3478',
      'turn:turn.example.org:3478?transport=tcp',
    ]);
    const username = usernameIn(ice_servers);
    const seconds = Number(username.split(':')[0]) - Date.now() / 1000;
    expect(seconds).toBeGreaterThan(110);
    expect(seconds).toBeLessThanOrEqual(120);
    expect(relay?.credential).toBe(createHmac('sha1', secret).update(username).digest('base64'));
    for (const personal of [ada.userId, bob.userId, callId]) {
      expect(reply.text.replaceAll('-', '')).not.toContain(personal.replaceAll('-', ''));
    }
    await act(bob, callId, 'join');
    const ofBob = (await iceServers(bob, callId)).body.data.ice_servers;
    expect(idIn(ofBob)).not.toBe(idIn(ice_servers));
  });

  it('come with the same ID in each call of a user, so that calls add nothing to a quota', async () => {
    const ada = someone();
    const ids: string[] = [];
    for (const callee of [someone(), someone()]) {
      const callId = await video.ring(ada, await world.conversation(ada, callee));
      ids.push(idIn((await iceServers(ada, callId)).body.data.ice_servers));
    }
    expect(ids[0]).toMatch(/^[\w-]{22}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('come with the replies of initiate and join, and with no other one', async () => {
    const [ada, bob] = [someone(), someone()];
    const made = await video.call(ada, 'POST', '/v1/calls/initiate', {
      call_type: 'audio',
      conversation_id: await world.conversation(ada, bob),
    });
    expect(usernameIn(made.body.data.ice_servers)).toMatch(/^\d{10}:[\w-]{22}$/);
    const callId: string = made.body.data.call_id;
    const joined = (await act(bob, callId, 'join')).body.data.ice_servers;
    expect(usernameIn(joined)).toMatch(/^\d{10}:[\w-]{22}$/);
    const seen = await video.call(ada, 'GET', `/v1/calls/${callId}`);
    expect(seen.body.data.ice_servers).toEqual([]);
    expect((await act(ada, callId, 'end')).body.data.ice_servers).toEqual([]);
  });

  it('are renewed while the call lasts, and not after its end', async () => {
    const [ada, bob] = [someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    await act(bob, callId, 'join');
    const first = usernameIn((await iceServers(bob, callId)).body.data.ice_servers);
    await eventually(async () => {
      const next = usernameIn((await iceServers(bob, callId)).body.data.ice_servers);
      expect(next.split(':')[1]).toBe(first.split(':')[1]);
      expect(Number(next.split(':')[0])).toBeGreaterThan(Number(first.split(':')[0]));
    });
    await act(ada, callId, 'end');
    const over = [409, 'CONFLICT', 'This call is over (ended); start a new one.'];
    for (const user of [ada, bob]) expect(outcome(await iceServers(user, callId))).toEqual(over);
  });

  it('are refused when nobody has answered in time', async () => {
    const [ada, bob] = [someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    await world.endRinging(callId);
    const over = [409, 'CONFLICT', 'This call is over (missed); start a new one.'];
    expect(outcome(await iceServers(ada, callId))).toEqual(over);
  });

  it('are refused to users who have not joined or who have left', async () => {
    const [ada, bob, eve] = [someone(), someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob, eve));
    expect(outcome(await iceServers(bob, callId))).toEqual(notInIt);
    await act(bob, callId, 'join');
    expect((await iceServers(bob, callId)).status).toBe(200);
    await act(bob, callId, 'end');
    expect(outcome(await iceServers(bob, callId))).toEqual(notInIt);
    expect((await iceServers(ada, callId)).status).toBe(200);
  });

  it('are hidden from everybody else', async () => {
    const [ada, bob, eve] = [someone(), someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    for (const id of [callId, randomUUID()]) {
      expect(outcome(await iceServers(eve, id))).toEqual(noSuchCall);
    }
    expect((await iceServers(undefined, callId)).status).toBe(401);
  });

  it('are refused after a removal from the conversation, and after a block', async () => {
    const [ada, bob] = [someone(), someone()];
    const group = await world.conversation(ada, bob);
    const callId = await video.ring(ada, group);
    await act(bob, callId, 'join');
    await world.takeOut(group, bob);
    expect(outcome(await iceServers(bob, callId))).toEqual(noSuchCall);

    const direct = await video.ring(ada, await world.direct(ada, bob));
    await act(bob, direct, 'join');
    await world.block(ada, bob);
    for (const user of [ada, bob]) expect((await iceServers(user, direct)).status).toBe(403);
  });

  it('are refused to a session that has ended', async () => {
    const [ada, bob] = [someone(), someone()];
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    expect((await iceServers(ada, callId)).status).toBe(200);
    await world.database.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason)
       VALUES ($1, now() + interval '1 hour', 'logout')`,
      [ada.sessionId],
    );
    // The snapshot is taken every 5 s.
    const refused = async () => expect((await iceServers(ada, callId)).status).toBe(401);
    await eventually(refused, { timeoutMs: 8000 });
  });
});

describe('the ICE servers of a call while Redis is down', () => {
  it('are given and refused as before, by the snapshot of revocations', async () => {
    await using own = await newWorld();
    video = await own.start(turn);
    const [ada, bob, eve] = [someone(), someone(), someone()];
    const callId = await video.ring(ada, await own.conversation(ada, bob, eve));
    await act(bob, callId, 'join');
    await own.redis.kill();
    await video.untilDegraded(true);
    const reply = await iceServers(bob, callId);
    expect([reply.status, reply.headers.get('x-degraded')]).toEqual([200, 'revocations=snapshot']);
    expect(usernameIn(reply.body.data.ice_servers)).toMatch(/^\d{10}:[\w-]{22}$/);
    expect(outcome(await iceServers(eve, callId))).toEqual(notInIt);
    await act(ada, callId, 'end');
    expect((await iceServers(bob, callId)).status).toBe(409);
  });
});
