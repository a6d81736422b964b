import { randomUUID } from 'node:crypto';
import { Call } from '@secureconnect/contracts';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { worldOfFile } from './harness.ts';

const world = await worldOfFile();
const video = await world.start({ STUN_URLS: 'stun:stun.example.org:3478' });

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
beforeEach(() => {
  [ada, bob, eve] = [someone(), someone(), someone()];
});

const initiate = (user: TestUser, conversation_id: string, callees?: readonly string[]) =>
  video.call(user, 'POST', '/v1/calls/initiate', {
    call_type: 'audio',
    conversation_id,
    ...(callees === undefined ? {} : { callee_ids: callees }),
  });

const act = (user: TestUser, callId: string, action: string) =>
  video.call(user, 'POST', `/v1/calls/${callId}/${action}`);

const get = (user: TestUser, callId: string) => video.call(user, 'GET', `/v1/calls/${callId}`);

describe('initiate', () => {
  it('calls everybody else in the conversation', async () => {
    const conversationId = await world.conversation(bob, ada, eve);
    const reply = await initiate(ada, conversationId);
    expect(reply.status).toBe(201);
    const call = Call.parse(reply.body.data);
    expect(call).toMatchObject({
      call_type: 'audio',
      conversation_id: conversationId,
      status: 'ringing',
      ice_servers: [{ urls: ['stun:stun.example.org:3478'] }],
    });
    expect(call.participants[0]).toEqual({ user_id: ada.userId, state: 'joined' });
    expect(new Set(call.participants.slice(1))).toEqual(
      new Set([bob, eve].map(({ userId }) => ({ user_id: userId, state: 'ringing' }))),
    );
    expect(reply.headers.get('x-degraded')).toBeNull();
  });

  it('calls the named users, once each', async () => {
    const conversationId = await world.conversation(ada, bob, eve);
    const reply = await initiate(ada, conversationId, [bob.userId, bob.userId.toUpperCase()]);
    expect(reply.body.data.participants).toHaveLength(2);
    expect((await get(eve, reply.body.data.call_id)).status).toBe(404);
  });

  it('is only for participants of the conversation', async () => {
    const conversationId = await world.conversation(ada, bob);
    for (const id of [conversationId, randomUUID()]) {
      const reply = await initiate(eve, id);
      expect([reply.status, reply.body.error?.message]).toEqual([
        404,
        'There is no such conversation.',
      ]);
    }
  });

  it('calls nobody outside the conversation, nor the caller, nor more than three', async () => {
    const four = [someone(), someone(), someone(), someone()];
    const conversationId = await world.conversation(ada, ...four);
    const ids = four.map(({ userId }) => userId);
    const refused = [undefined, [], [eve.userId], [ada.userId], ids, ['x']];
    for (const callees of refused) {
      const reply = await initiate(ada, conversationId, callees);
      expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(reply.body.error?.details?.[0]?.field).toMatch(/^body\.callee_ids/);
    }
    expect((await initiate(ada, conversationId, ids.slice(1))).status).toBe(201);
    const alone = await world.conversation(ada);
    expect((await initiate(ada, alone)).status).toBe(400);
  });

  it.each([
    [{}, 'body.call_type'],
    [{ call_type: 'hologram', conversation_id: randomUUID() }, 'body.call_type'],
    [{ call_type: 'audio', conversation_id: 5 }, 'body.conversation_id'],
    ['{', 'body'],
  ])('refuses %j', async (body, field) => {
    const reply = await video.call(ada, 'POST', '/v1/calls/initiate', body);
    expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, field]);
  });
});

describe('a call', () => {
  it('is joined, left and ended', async () => {
    const callId = await video.ring(ada, await world.conversation(ada, bob, eve));
    const answered = await act(bob, callId, 'join');
    expect([answered.status, answered.body.data.status]).toEqual([200, 'active']);
    expect(Date.parse(answered.body.data.answered_at)).toBeGreaterThan(Date.now() - 5000);
    expect((await act(bob, callId, 'join')).body.data).toEqual(answered.body.data);
    expect((await act(eve, callId, 'join')).body.data.answered_at).toBe(
      answered.body.data.answered_at,
    );

    const left = await act(bob, callId, 'end');
    expect([left.status, left.body.data.status]).toEqual([200, 'active']);
    expect((await act(bob, callId, 'join')).body.data.status).toBe('active');

    const ended = await act(ada, callId, 'end');
    expect(ended.body.data).toMatchObject({ status: 'ended', end_reason: 'ended_by_host' });
    expect((await act(ada, callId, 'end')).body.data).toEqual(ended.body.data);
    expect((await get(bob, callId)).body.data).toEqual(ended.body.data);
    const late = await act(bob, callId, 'join');
    expect([late.status, late.body.error?.code]).toEqual([409, 'CONFLICT']);
  });

  it('is hidden from users who were not called', async () => {
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    for (const id of [callId, randomUUID()]) {
      for (const reply of [
        await get(eve, id),
        await act(eve, id, 'join'),
        await act(eve, id, 'end'),
      ]) {
        expect([reply.status, reply.body.error?.message]).toEqual([404, 'There is no such call.']);
      }
    }
    expect((await get(ada, callId)).body.data.status).toBe('ringing');
    const wrong = await get(ada, 'x');
    expect([wrong.status, wrong.body.error?.details?.[0]?.field]).toEqual([400, 'params.call_id']);
  });

  it('is missed after 30 seconds, without any request', async () => {
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    const [row] = await world.database.query<{ seconds: string }>(
      `SELECT extract(epoch FROM ring_until - created_at) AS seconds
       FROM video.calls WHERE call_id = $1`,
      [callId],
    );
    expect(Number(row?.seconds)).toBe(30);
    await world.endRinging(callId);
    const late = await act(bob, callId, 'join');
    expect([late.status, late.body.error?.message]).toEqual([
      409,
      'This call is over (missed); start a new one.',
    ]);
    expect((await get(ada, callId)).body.data).toMatchObject({
      status: 'missed',
      end_reason: 'no_answer',
      participants: [
        { user_id: ada.userId, state: 'left' },
        { user_id: bob.userId, state: 'missed' },
      ],
    });
  });

  it('has one outcome under concurrent requests', async () => {
    const people = [ada, bob, eve, someone()];
    const callId = await video.ring(ada, await world.conversation(...people));
    const replies = await Promise.all([
      ...people.flatMap((user) => [act(user, callId, 'join'), act(user, callId, 'join')]),
      act(bob, callId, 'end'),
      act(ada, callId, 'end'),
    ]);
    for (const { status } of replies) expect([200, 409]).toContain(status);
    const { data } = (await get(eve, callId)).body;
    expect(data.status).toBe('ended');
    // Bob has declined if his end came before his join.
    for (const { user_id: userId, state } of data.participants) {
      const states = userId === bob.userId ? ['left', 'missed', 'declined'] : ['left', 'missed'];
      expect(states).toContain(state);
    }
  });

  it('needs a token', async () => {
    expect((await video.call(undefined, 'GET', `/v1/calls/${randomUUID()}`)).status).toBe(401);
    expect((await get(someone(-1), randomUUID())).status).toBe(401);
  });
});
