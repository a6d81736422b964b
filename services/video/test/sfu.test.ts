import { SfuAccess } from '@secureconnect/contracts';
import {
  eventually,
  liveKitKey,
  liveKitSkipReason,
  sfuEnvironment,
  type TestLiveKit,
  testLiveKit,
} from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { RoomServiceClient, TokenVerifier } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessFor } from '../src/sfu/sfu-access.ts';
import { findCall } from '../src/stores/calls.ts';
import { newWorld, type TestVideo, type VideoReply, type World } from './harness.ts';
import { joinRoom } from './sfu-client.ts';
import { signEvent } from './sfu-events.ts';

const { apiKey, apiSecret } = liveKitKey;
const outcome = ({ status, body }: VideoReply) => [status, body.error?.code, body.error?.message];
const patiently = { timeoutMs: 20_000 };

describe.skipIf(liveKitSkipReason !== '')(`a call through LiveKit${liveKitSkipReason}`, () => {
  let world: World;
  let video: TestVideo;
  let liveKit: TestLiveKit;
  let rooms: RoomServiceClient;
  beforeAll(async () => {
    world = await newWorld();
    liveKit = await testLiveKit();
    video = await world.start({ ...sfuEnvironment(liveKit.port), SFU_TOKEN_SECONDS: '30' });
    rooms = new RoomServiceClient(`http://127.0.0.1:${liveKit.port}`, apiKey, apiSecret);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await liveKit[Symbol.asyncDispose]();
  });

  const act = (user: TestUser, callId: string, action: string): Promise<VideoReply> =>
    video.call(user, 'POST', `/v1/calls/${callId}/${action}`);
  const initiate = (user: TestUser, conversationId: string): Promise<VideoReply> =>
    video.call(user, 'POST', '/v1/calls/initiate', {
      call_type: 'video',
      topology: 'sfu',
      conversation_id: conversationId,
    });
  const token = (user: TestUser, callId: string): Promise<VideoReply> =>
    video.call(user, 'GET', `/v1/calls/${callId}/sfu-token`);
  const accessOf = async (user: TestUser, callId: string): Promise<SfuAccess> => {
    const reply = await token(user, callId);
    if (reply.status !== 200) throw new Error(reply.text);
    return SfuAccess.parse(reply.body.data);
  };
  const identities = async (callId: string): Promise<string[]> =>
    (await rooms.listParticipants(callId)).map(({ identity }) => identity);
  const roomNames = async (): Promise<string[]> =>
    (await rooms.listRooms()).map(({ name }) => name);

  async function talking(...others: TestUser[]) {
    const [ada, bob] = [someone(), someone()];
    const conversationId = await world.conversation(ada, bob, ...others);
    const made = await initiate(ada, conversationId);
    const callId: string = made.body.data.call_id;
    expect((await act(bob, callId, 'accept')).status).toBe(200);
    return { ada, bob, callId, conversationId };
  }

  it('begins with a room, and gives each who comes to it a token for that room alone', async () => {
    const [ada, bob] = [someone(), someone()];
    const made = await initiate(ada, await world.conversation(ada, bob));
    const { call_id: callId, topology, ice_servers, sfu } = made.body.data;
    expect([made.status, topology, ice_servers]).toEqual([201, 'sfu', []]);
    expect(await rooms.listRooms([callId])).toMatchObject([{ name: callId, maxParticipants: 2 }]);
    const mine = SfuAccess.parse(sfu);
    expect(mine).toMatchObject({ url: `ws://127.0.0.1:${liveKit.port}`, expires_in: 30 });
    const claims = await new TokenVerifier(apiKey, apiSecret).verify(mine.token);
    expect(claims).toMatchObject({ sub: mine.identity, video: { room: callId, roomJoin: true } });
    expect(Object.keys(claims.video ?? {})).toEqual(['room', 'roomJoin']);
    for (const personal of [ada.userId, bob.userId]) {
      expect(JSON.stringify(claims)).not.toContain(personal);
    }
    const accepted = await act(bob, callId, 'accept');
    const his = SfuAccess.parse(accepted.body.data.sfu);
    const known = [
      { user_id: ada.userId, identity: mine.identity },
      { user_id: bob.userId, identity: his.identity },
    ];
    expect([mine.participants, his.participants]).toEqual([known, known]);
    await using _her = await joinRoom(mine);
    await using _him = await joinRoom(his);
    expect((await identities(callId)).sort()).toEqual([mine.identity, his.identity].sort());
    await act(ada, callId, 'end');
  });

  it('gives no token to users who are not in it, and none after its end', async () => {
    const [eve, dan] = [someone(), someone()];
    const { ada, bob, callId, conversationId } = await talking(eve);
    expect((await token(bob, callId)).status).toBe(200);
    const notInIt = [409, 'CONFLICT', 'You are not in this call; join it first.'];
    expect(outcome(await token(eve, callId))).toEqual(notInIt);
    expect((await token(dan, callId)).status).toBe(404);
    await act(eve, callId, 'join');
    await world.takeOut(conversationId, eve);
    expect((await token(eve, callId)).status).toBe(404);
    await act(bob, callId, 'end');
    expect(outcome(await token(bob, callId))).toEqual(notInIt);
    await act(ada, callId, 'end');
    expect((await token(ada, callId)).status).toBe(409);
  });

  it('deletes the room at its end, and nobody makes it again with their token', async () => {
    const { ada, bob, callId } = await talking();
    const access = await accessOf(bob, callId);
    await using connected = await joinRoom(access);
    await act(ada, callId, 'end');
    await connected.closed;
    await eventually(async () => expect(await roomNames()).not.toContain(callId), patiently);
    await expect(joinRoom(access)).rejects.toThrow('refused with 404');
  });

  it('takes a token until it expires, and a minute more by its tolerance', async () => {
    const { ada, bob, callId } = await talking();
    const config = { url: '', apiUrl: '', apiKey, apiSecret, tokenSeconds: 30 };
    const call = await findCall(world.database, callId);
    const issuedSecondsAgo = async (seconds: number): Promise<SfuAccess> => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - seconds * 1000 });
      try {
        const access = call && (await accessFor(config, call, bob.userId));
        if (access === undefined) throw new Error('no token');
        return { ...access, url: `ws://127.0.0.1:${liveKit.port}` };
      } finally {
        vi.useRealTimers();
      }
    };
    await expect(joinRoom(await issuedSecondsAgo(95))).rejects.toThrow('refused with 401');
    await using _bob = await joinRoom(await issuedSecondsAgo(60));
    expect(await identities(callId)).toHaveLength(1);
    await act(ada, callId, 'end');
  });

  it('removes users who leave, and again when they come back with their old token', async () => {
    const eve = someone();
    const { bob, callId } = await talking(eve);
    await act(eve, callId, 'join');
    const access = await accessOf(eve, callId);
    const his = await accessOf(bob, callId);
    await using _bob = await joinRoom(his);
    await using first = await joinRoom(access);
    await act(eve, callId, 'end');
    await first.closed;
    // LiveKit itself lets her in.
    await using second = await joinRoom(access);
    const event = { event: 'participant_joined', id: `EV_${callId}`, room: { name: callId } };
    expect(await sendEvent(event)).toEqual([200, false]);
    await second.closed;
    expect(await identities(callId)).toEqual([his.identity]);
    // Without an event, the next look at the room does it.
    await using third = await joinRoom(access);
    await makeDue(callId);
    await third.closed;
    expect(await identities(callId)).toEqual([his.identity]);
  });

  it('removes users who were removed from the conversation', async () => {
    const eve = someone();
    const { callId, conversationId } = await talking(eve);
    await act(eve, callId, 'join');
    await using connected = await joinRoom(await accessOf(eve, callId));
    await world.takeOut(conversationId, eve);
    await connected.closed;
    expect((await token(eve, callId)).status).toBe(404);
  });

  it('goes on without users who have not been in the room for a minute, also if no event said so', async () => {
    const eve = someone();
    const { ada, bob, callId } = await talking(eve);
    await act(eve, callId, 'join');
    await using _ada = await joinRoom(await accessOf(ada, callId));
    await using _bob = await joinRoom(await accessOf(bob, callId));
    await makeDue(callId);
    await eventually(async () => expect(await absentSince(callId)).toHaveLength(1), patiently);
    expect(await stateOf(callId, eve)).toBe('joined');
    await world.database.execute(
      `UPDATE video.call_participants SET sfu_absent_since = sfu_absent_since - interval '1 minute'
       WHERE call_id = $1`,
      [callId],
    );
    await makeDue(callId);
    await eventually(async () => expect(await stateOf(callId, eve)).toBe('left'), patiently);
    expect([await stateOf(callId, ada), await stateOf(callId, bob)]).toEqual(['joined', 'joined']);
    expect((await token(eve, callId)).status).toBe(409);
    expect((await act(eve, callId, 'join')).status).toBe(200);
    expect(await absentSince(callId)).toEqual([]);
  });

  it('judges no absence by what was seen before a time without LiveKit', async () => {
    const { ada, callId } = await talking();
    await makeDue(callId);
    await eventually(async () => expect(await absentSince(callId)).toHaveLength(2), patiently);
    await world.database.execute(
      `UPDATE video.call_participants SET sfu_absent_since = sfu_absent_since - interval '1 hour'
       WHERE call_id = $1`,
      [callId],
    );
    await world.database.execute(
      `UPDATE video.sfu_rooms SET compared_at = now() - interval '1 minute', check_at = now()
       WHERE call_id = $1`,
      [callId],
    );
    await eventually(async () => {
      const since = await absentSince(callId);
      expect(since.filter((at) => at.getTime() > Date.now() - 60_000)).toHaveLength(2);
    }, patiently);
    expect(await stateOf(callId, ada)).toBe('joined');
    await act(ada, callId, 'end');
  });

  it('creates the room again after LiveKit has forgotten it', async () => {
    const { ada, bob, callId } = await talking();
    const access = await accessOf(ada, callId);
    await rooms.deleteRoom(callId);
    await expect(joinRoom(access)).rejects.toThrow('refused with 404');
    await using _ada = await joinRoom(await accessOf(ada, callId));
    await using _bob = await joinRoom(await accessOf(bob, callId));
    expect(await identities(callId)).toHaveLength(2);
    await act(ada, callId, 'end');
  });

  it('takes more users than a mesh', async () => {
    const users = Array.from({ length: 12 }, () => someone());
    const [ada, ...others] = users as [TestUser, ...TestUser[]];
    const conversationId = await world.conversation(ada, ...others);
    const body = { call_type: 'video', conversation_id: conversationId };
    const mesh = await video.call(ada, 'POST', '/v1/calls/initiate', body);
    expect(outcome(mesh).slice(0, 2)).toEqual([400, 'VALIDATION_ERROR']);
    const named = others.map(({ userId }) => userId);
    const many = await video.call(ada, 'POST', '/v1/calls/initiate', {
      ...body,
      callee_ids: named,
    });
    expect(many.body.error?.details).toMatchObject([{ field: 'body.callee_ids' }]);
    const made = await initiate(ada, conversationId);
    expect(made.body.data.participants).toHaveLength(12);
    expect(await rooms.listRooms([made.body.data.call_id])).toMatchObject([
      { maxParticipants: 12 },
    ]);
    await act(ada, made.body.data.call_id, 'cancel');
  });

  it('takes events with the signature of LiveKit alone, and each once', async () => {
    const { ada, callId } = await talking();
    const event = { event: 'participant_left', id: `EV_${callId}`, room: { name: callId } };
    const { body, signature } = await signEvent(event);
    const foreign = await signEvent(event, { apiSecret: `${apiSecret}!` });
    const expired = await signEvent(event, { seconds: -60 });
    for (const [text, header] of [
      [body, undefined],
      [body, 'x'],
      [body.replace('left', 'joined'), signature],
      [foreign.body, foreign.signature],
      [expired.body, expired.signature],
    ] as const) {
      expect((await post(text, header)).status).toBe(401);
    }
    expect(await sendEvent(event)).toEqual([200, false]);
    expect(await sendEvent(event)).toEqual([200, true]);
    expect(await sendEvent({ ...event, id: 'EV_other', event: 'track_published' })).toEqual([
      200,
      false,
    ]);
    const large = await signEvent({ ...event, text: 'x'.repeat(70_000) });
    expect((await post(large.body, large.signature)).status).toBe(413);
    await act(ada, callId, 'end');
  });

  async function post(body: string, signature: string | undefined): Promise<Response> {
    return fetch(`${video.url}/v1/calls/sfu-events`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/webhook+json',
        ...(signature === undefined ? {} : { authorization: signature }),
      },
    });
  }

  async function sendEvent(event: object): Promise<[number, boolean]> {
    const { body, signature } = await signEvent(event);
    const response = await post(body, signature);
    const reply = (await response.json()) as { data: { is_duplicate: boolean } };
    return [response.status, reply.data.is_duplicate];
  }

  const makeDue = (callId: string) =>
    world.database.execute('UPDATE video.sfu_rooms SET check_at = now() WHERE call_id = $1', [
      callId,
    ]);
  const stateOf = async (callId: string, { userId }: TestUser): Promise<string | undefined> => {
    const [row] = await world.database.query<{ state: string }>(
      'SELECT state FROM video.call_participants WHERE call_id = $1 AND user_id = $2',
      [callId, userId],
    );
    return row?.state;
  };
  const absentSince = async (callId: string): Promise<Date[]> => {
    const rows = await world.database.query<{ at: Date }>(
      `SELECT sfu_absent_since AS at FROM video.call_participants
       WHERE call_id = $1 AND sfu_absent_since IS NOT NULL`,
      [callId],
    );
    return rows.map(({ at }) => at);
  };
});
