import { eventually, liveKitKey, liveKitSkipReason } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinRoom } from './sfu-client.ts';
import { signEvent } from './sfu-events.ts';
import { SfuScene } from './sfu-scene.ts';

const { apiSecret } = liveKitKey;
const patiently = { timeoutMs: 20_000 };

describe.skipIf(liveKitSkipReason !== '')(
  `the room of a call at LiveKit${liveKitSkipReason}`,
  () => {
    let scene: SfuScene;
    beforeAll(async () => {
      scene = await SfuScene.open();
    });
    afterAll(() => scene[Symbol.asyncDispose]());

    it('removes users who leave, and again when they come back with their old token', async () => {
      const eve = someone();
      const { bob, callId } = await scene.talking(eve);
      await scene.act(eve, callId, 'join');
      const access = await scene.accessOf(eve, callId);
      const his = await scene.accessOf(bob, callId);
      await using _bob = await joinRoom(his);
      await using first = await joinRoom(access);
      await scene.act(eve, callId, 'end');
      await first.closed;
      // LiveKit itself lets her in.
      await using second = await joinRoom(access);
      const event = { event: 'participant_joined', id: `EV_${callId}`, room: { name: callId } };
      expect(await sendEvent(event)).toEqual([200, false]);
      await second.closed;
      expect(await scene.identities(callId)).toEqual([his.identity]);
      // Without an event, the next look at the room does it.
      await using third = await joinRoom(access);
      await makeDue(callId);
      await third.closed;
      expect(await scene.identities(callId)).toEqual([his.identity]);
    });

    it('removes users who were removed from the conversation', async () => {
      const eve = someone();
      const { callId, conversationId } = await scene.talking(eve);
      await scene.act(eve, callId, 'join');
      await using connected = await joinRoom(await scene.accessOf(eve, callId));
      await scene.world.takeOut(conversationId, eve);
      await connected.closed;
      expect((await scene.token(eve, callId)).status).toBe(404);
    });

    it('removes users whom the host removes', async () => {
      const eve = someone();
      const { ada, callId } = await scene.talking(eve);
      await scene.act(eve, callId, 'join');
      await using connected = await joinRoom(await scene.accessOf(eve, callId));
      const path = `/v1/calls/${callId}/participants/${eve.userId}`;
      expect((await scene.video.call(ada, 'DELETE', path)).status).toBe(200);
      await connected.closed;
      expect((await scene.token(eve, callId)).status).toBe(409);
      expect((await scene.act(eve, callId, 'join')).status).not.toBe(200);
      await scene.act(ada, callId, 'end');
    });

    it('goes on without users who have not been in the room for a minute, also if no event said so', async () => {
      const eve = someone();
      const { ada, bob, callId } = await scene.talking(eve);
      await scene.act(eve, callId, 'join');
      await using _ada = await joinRoom(await scene.accessOf(ada, callId));
      await using _bob = await joinRoom(await scene.accessOf(bob, callId));
      await makeDue(callId);
      await eventually(async () => expect(await absentSince(callId)).toHaveLength(1), patiently);
      expect(await stateOf(callId, eve)).toBe('joined');
      await scene.world.database.execute(
        `UPDATE video.call_participants SET sfu_absent_since = sfu_absent_since - interval '1 minute'
       WHERE call_id = $1`,
        [callId],
      );
      await makeDue(callId);
      await eventually(async () => expect(await stateOf(callId, eve)).toBe('left'), patiently);
      expect([await stateOf(callId, ada), await stateOf(callId, bob)]).toEqual([
        'joined',
        'joined',
      ]);
      expect((await scene.token(eve, callId)).status).toBe(409);
      expect((await scene.act(eve, callId, 'join')).status).toBe(200);
      // A look may have seen since that Eve is not there yet; the former absence is forgotten.
      const halfAMinuteAgo = Date.now() - 30_000;
      const former = (await absentSince(callId)).filter((at) => at.getTime() < halfAMinuteAgo);
      expect(former).toEqual([]);
    });

    it('is deleted after the erasure of its call, and looked at no more', async () => {
      const { bob, callId } = await scene.talking();
      await using connected = await joinRoom(await scene.accessOf(bob, callId));
      for (const table of ['call_notices', 'call_participants', 'calls']) {
        await scene.world.database.execute(`DELETE FROM video.${table} WHERE call_id = $1`, [
          callId,
        ]);
      }
      await makeDue(callId);
      await connected.closed;
      await eventually(async () => {
        const rows = await scene.world.database.query(
          'SELECT call_id FROM video.sfu_rooms WHERE call_id = $1',
          [callId],
        );
        expect(rows).toEqual([]);
      }, patiently);
    });

    it('judges no absence by what was seen before a time without LiveKit', async () => {
      const { ada, callId } = await scene.talking();
      await makeDue(callId);
      await eventually(async () => expect(await absentSince(callId)).toHaveLength(2), patiently);
      await scene.world.database.execute(
        `UPDATE video.call_participants SET sfu_absent_since = sfu_absent_since - interval '1 hour'
       WHERE call_id = $1`,
        [callId],
      );
      await scene.world.database.execute(
        `UPDATE video.sfu_rooms SET compared_at = now() - interval '1 minute', check_at = now()
       WHERE call_id = $1`,
        [callId],
      );
      await eventually(async () => {
        const since = await absentSince(callId);
        expect(since.filter((at) => at.getTime() > Date.now() - 60_000)).toHaveLength(2);
      }, patiently);
      expect(await stateOf(callId, ada)).toBe('joined');
      await scene.act(ada, callId, 'end');
    });

    it('takes events with the signature of LiveKit alone, and each once', async () => {
      const { ada, callId } = await scene.talking();
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
      await scene.act(ada, callId, 'end');
    });

    async function post(body: string, signature: string | undefined): Promise<Response> {
      return fetch(`${scene.video.url}/v1/calls/sfu-events`, {
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
      scene.world.database.execute(
        'UPDATE video.sfu_rooms SET check_at = now() WHERE call_id = $1',
        [callId],
      );
    const stateOf = async (callId: string, { userId }: TestUser): Promise<string | undefined> => {
      const [row] = await scene.world.database.query<{ state: string }>(
        'SELECT state FROM video.call_participants WHERE call_id = $1 AND user_id = $2',
        [callId, userId],
      );
      return row?.state;
    };
    const absentSince = async (callId: string): Promise<Date[]> => {
      const rows = await scene.world.database.query<{ at: Date }>(
        `SELECT sfu_absent_since AS at FROM video.call_participants
       WHERE call_id = $1 AND sfu_absent_since IS NOT NULL`,
        [callId],
      );
      return rows.map(({ at }) => at);
    };
  },
);
