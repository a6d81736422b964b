import { SfuAccess } from '@secureconnect/contracts';
import { eventually, liveKitKey, liveKitSkipReason } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { TokenVerifier } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessFor } from '../src/sfu/sfu-access.ts';
import { findCall } from '../src/stores/calls.ts';
import type { VideoReply } from './harness.ts';
import { joinRoom } from './sfu-client.ts';
import { SfuScene } from './sfu-scene.ts';

const { apiKey, apiSecret } = liveKitKey;
const outcome = ({ status, body }: VideoReply) => [status, body.error?.code, body.error?.message];
const patiently = { timeoutMs: 20_000 };

describe.skipIf(liveKitSkipReason !== '')(`a call through LiveKit${liveKitSkipReason}`, () => {
  let scene: SfuScene;
  beforeAll(async () => {
    scene = await SfuScene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  const roomNames = async (): Promise<string[]> =>
    (await scene.rooms.listRooms()).map(({ name }) => name);

  it('begins with a room, and gives each user who comes to it a token for that room alone', async () => {
    const [ada, bob] = [someone(), someone()];
    const made = await scene.initiate(ada, await scene.world.conversation(ada, bob));
    const { call_id: callId, topology, ice_servers, sfu } = made.body.data;
    expect([made.status, topology, ice_servers]).toEqual([201, 'sfu', []]);
    expect(await scene.rooms.listRooms([callId])).toMatchObject([
      { name: callId, maxParticipants: 2 },
    ]);
    const mine = SfuAccess.parse(sfu);
    expect(mine).toMatchObject({ url: `ws://127.0.0.1:${scene.liveKit.port}`, expires_in: 30 });
    const claims = await new TokenVerifier(apiKey, apiSecret).verify(mine.token);
    expect(claims).toMatchObject({ sub: mine.identity, video: { room: callId, roomJoin: true } });
    expect(Object.keys(claims.video ?? {})).toEqual(['room', 'roomJoin']);
    for (const personal of [ada.userId, bob.userId]) {
      expect(JSON.stringify(claims)).not.toContain(personal);
    }
    const accepted = await scene.act(bob, callId, 'accept');
    const his = SfuAccess.parse(accepted.body.data.sfu);
    const known = [
      { user_id: ada.userId, identity: mine.identity },
      { user_id: bob.userId, identity: his.identity },
    ];
    expect([mine.participants, his.participants]).toEqual([known, known]);
    await using _her = await joinRoom(mine);
    await using _him = await joinRoom(his);
    expect((await scene.identities(callId)).sort()).toEqual([mine.identity, his.identity].sort());
    await scene.act(ada, callId, 'end');
  });

  it('gives no token to users who are not in it, and none after its end', async () => {
    const [eve, dan] = [someone(), someone()];
    const { ada, bob, callId, conversationId } = await scene.talking(eve);
    expect((await scene.token(bob, callId)).status).toBe(200);
    const notInIt = [409, 'CONFLICT', 'You are not in this call; join it first.'];
    expect(outcome(await scene.token(eve, callId))).toEqual(notInIt);
    expect((await scene.token(dan, callId)).status).toBe(404);
    await scene.act(eve, callId, 'join');
    await scene.world.takeOut(conversationId, eve);
    expect((await scene.token(eve, callId)).status).toBe(404);
    await scene.act(bob, callId, 'end');
    expect(outcome(await scene.token(bob, callId))).toEqual(notInIt);
    await scene.act(ada, callId, 'end');
    expect((await scene.token(ada, callId)).status).toBe(409);
  });

  it('deletes the room at its end, and nobody makes it again with their token', async () => {
    const { ada, bob, callId } = await scene.talking();
    const access = await scene.accessOf(bob, callId);
    await using connected = await joinRoom(access);
    await scene.act(ada, callId, 'end');
    await connected.closed;
    await eventually(async () => expect(await roomNames()).not.toContain(callId), patiently);
    await expect(joinRoom(access)).rejects.toThrow('refused with 404');
  });

  it('takes a token until it expires, and a minute more by its tolerance', async () => {
    const { ada, bob, callId } = await scene.talking();
    const config = { url: '', apiUrl: '', apiKey, apiSecret, tokenSeconds: 30 };
    const call = await findCall(scene.world.database, callId);
    const issuedSecondsAgo = async (seconds: number): Promise<SfuAccess> => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - seconds * 1000 });
      try {
        const access = call && (await accessFor(config, call, bob.userId));
        if (access === undefined) throw new Error('no token');
        return { ...access, url: `ws://127.0.0.1:${scene.liveKit.port}` };
      } finally {
        vi.useRealTimers();
      }
    };
    await expect(joinRoom(await issuedSecondsAgo(95))).rejects.toThrow('refused with 401');
    await using _bob = await joinRoom(await issuedSecondsAgo(60));
    expect(await scene.identities(callId)).toHaveLength(1);
    await scene.act(ada, callId, 'end');
  });

  it('creates the room again after LiveKit has forgotten it', async () => {
    const { ada, bob, callId } = await scene.talking();
    const access = await scene.accessOf(ada, callId);
    await scene.rooms.deleteRoom(callId);
    await expect(joinRoom(access)).rejects.toThrow('refused with 404');
    await using _ada = await joinRoom(await scene.accessOf(ada, callId));
    await using _bob = await joinRoom(await scene.accessOf(bob, callId));
    expect(await scene.identities(callId)).toHaveLength(2);
    await scene.act(ada, callId, 'end');
  });

  it('takes more users than a mesh', async () => {
    const users = Array.from({ length: 12 }, () => someone());
    const [ada, ...others] = users as [TestUser, ...TestUser[]];
    const conversationId = await scene.world.conversation(ada, ...others);
    const body = { call_type: 'video', conversation_id: conversationId };
    const mesh = await scene.video.call(ada, 'POST', '/v1/calls/initiate', body);
    expect(outcome(mesh).slice(0, 2)).toEqual([400, 'VALIDATION_ERROR']);
    const named = others.map(({ userId }) => userId);
    const many = await scene.video.call(ada, 'POST', '/v1/calls/initiate', {
      ...body,
      callee_ids: named,
    });
    expect(many.body.error?.details).toMatchObject([{ field: 'body.callee_ids' }]);
    const made = await scene.initiate(ada, conversationId);
    expect(made.body.data.participants).toHaveLength(12);
    expect(await scene.rooms.listRooms([made.body.data.call_id])).toMatchObject([
      { maxParticipants: 12 },
    ]);
    await scene.act(ada, made.body.data.call_id, 'cancel');
  });
});
