import { type ChatEvent, type KeysLow, MessageRefusedError } from '@secureconnect/client';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDeviceKeys, newOneTimeKeys } from '../../services/auth/test/keys-fixture.ts';
import { ClientWorld, contentsOf, type Person, untilState } from './world.ts';

let world: ClientWorld;
beforeAll(async () => {
  world = await ClientWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A page of a person with an open chat, and what it was given. */
async function page(person: Person, more: Parameters<Person['open']>[0] = {}) {
  const events: ChatEvent[] = [];
  const states: string[] = [];
  const client = person.open(more);
  const chat = await client.openChat({
    onEvent: (event) => void events.push(event),
    onState: (state, end) => void states.push(end ?? state),
  });
  return { client, chat, events, states };
}

const patiently = { timeoutMs: 15_000 };
const texts = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => `${name} ${n}`);

describe('a chat', { timeout: 60_000 }, () => {
  it('gives a message to the other one, and to other pages of the sender, once', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const [bobs, first, second] = [await page(bob), await page(ada), await page(ada)];
    for (const { states } of [bobs, first, second]) await untilState(states, 'open');
    const message = await first.chat.send({
      conversation_id: conversationId,
      content: 'See you at noon.',
    });
    expect(message).toMatchObject({ content: 'See you at noon.', sender_id: ada.userId });
    for (const { events } of [bobs, second]) {
      await eventually(() => expect(contentsOf(events)).toEqual(['See you at noon.']), patiently);
    }
    expect(contentsOf(first.events)).toEqual([]);
    expect(await first.chat.outbox.entries()).toEqual([]);
    // The first page sends for the second one, and hears of it all the same.
    await second.chat.send({ conversation_id: conversationId, content: 'Or later?' });
    await eventually(() => expect(contentsOf(first.events)).toEqual(['Or later?']), patiently);
    await eventually(() => expect(contentsOf(bobs.events)).toHaveLength(2), patiently);
    expect(contentsOf(second.events)).toEqual(['See you at noon.']);
  });

  it('loses and doubles nothing where connections are cut again and again', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const [adas, bobs] = [await page(ada), await page(bob)];
    for (const { states } of [adas, bobs]) await untilState(states, 'open');
    const said = texts(40, 'note');
    const sent = said.map((content) =>
      adas.chat.send({ conversation_id: conversationId, content }),
    );
    for (let cut = 0; cut < 3; cut += 1) {
      for (const { network } of [ada, bob]) network.set('cut');
      await untilState(bobs.states, 'waiting');
      for (const { network } of [ada, bob]) network.set('up');
      await untilState(bobs.states, 'open');
    }
    const stored = await Promise.all(sent);
    expect(stored.map(({ content }) => content)).toEqual(said);
    await eventually(() => expect(contentsOf(bobs.events)).toEqual(said), patiently);
  });

  it('sends after a reload what was written offline, and the other one reads on', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const [before, earlier] = [await page(ada), await page(bob)];
    for (const { states } of [before, earlier]) await untilState(states, 'open');
    await before.chat.send({ conversation_id: conversationId, content: 'online' });
    await eventually(() => expect(contentsOf(earlier.events)).toEqual(['online']), patiently);
    await earlier.client.close();
    ada.network.set('cut');
    const [first, second] = texts(2, 'offline').map((content) =>
      before.chat.send({ conversation_id: conversationId, content }),
    );
    await eventually(
      async () => expect((await before.chat.outbox.entries()).length).toBe(2),
      patiently,
    );
    // A page that is left neither hears nor sends anything more.
    await before.client.close();
    ada.network.set('up');
    const outcomes: string[] = [];
    const after = await ada.open().openChat({ onOutcome: ({ id }) => void outcomes.push(id) });
    await eventually(() => expect(outcomes.length).toBe(2), patiently);
    expect(await after.outbox.entries()).toEqual([]);
    const later = await page(bob);
    await eventually(
      () => expect(contentsOf(later.events)).toEqual(['offline 0', 'offline 1']),
      patiently,
    );
    // Their promises belong to the page that was left.
    expect(await Promise.race([first, second, 'neither'])).toBe('neither');
  });

  it('hears once that few one-time pre-keys of its device are left', async () => {
    const { ada, bob } = await world.pair();
    const told: KeysLow[] = [];
    const states: string[] = [];
    const [device, taker] = [ada.open(), bob.open()];
    await device.openChat({
      onEvent: (event) => expect.unreachable(`an event of keys: ${event.type}`),
      onKeysLow: (keys) => void told.push(keys),
      onState: (state, end) => void states.push(end ?? state),
    });
    await untilState(states, 'open');
    const take = () => {
      const path = { user_id: ada.userId };
      return taker.request('POST /v1/keys/users/:user_id/bundles', { path });
    };
    const upload = (count: number, firstId: number) =>
      device.request('POST /v1/keys/one-time', { body: { keys: newOneTimeKeys(count, firstId) } });
    const { device_id } = await device.request('PUT /v1/keys/device', { body: newDeviceKeys() });
    await upload(21, 1);
    for (let taken = 0; taken < 4; taken += 1) await take();
    await upload(1, 22);
    // Of four claims one was below the mark first; the others said nothing before this one.
    await take();
    await eventually(() => {
      expect(told).toEqual([
        { device_id, one_time_keys: 19 },
        { device_id, one_time_keys: 17 },
      ]);
    }, patiently);
  });

  it('finds out that a connection is dead although nobody has said so', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const bobs = await page(bob, { quietMs: 500 });
    await untilState(bobs.states, 'open');
    bob.network.set('silent');
    const adas = await page(ada);
    await adas.chat.send({ conversation_id: conversationId, content: 'are you there?' });
    // Soon it tries again, so that this need not be its last state.
    await eventually(() => expect(bobs.states).toContain('waiting'), patiently);
    bob.network.set('up');
    await eventually(() => expect(contentsOf(bobs.events)).toEqual(['are you there?']), patiently);
  });

  it('keeps a message that the server refuses, and says why', async () => {
    const { ada, bob, conversationId } = await world.pair();
    await bob.open().request('POST /v1/users/blocks', { body: { user_id: ada.userId } });
    const { chat } = await page(ada);
    const refused = chat.send({ conversation_id: conversationId, content: 'hello?' });
    const error = await refused.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MessageRefusedError);
    const [entry] = await chat.outbox.entries();
    expect(entry).toMatchObject({ refusal: { code: 'FORBIDDEN' } });
    await chat.outbox.remove(entry?.id ?? '');
    expect(await chat.outbox.entries()).toEqual([]);
  });

  it('ends when the session is ended on another device, and says so', async () => {
    const { ada } = await world.pair();
    let ended = 0;
    const phone = await page(ada, {
      onSignedOut: () => {
        ended += 1;
      },
    });
    await untilState(phone.states, 'open');
    await phone.client.request('DELETE /v1/users/me/sessions/:session_id', {
      path: { session_id: await ownSession(phone.client) },
    });
    await untilState(phone.states, 'signed out');
    expect([ended, await phone.client.userId()]).toEqual([1, undefined]);
    await expect(phone.client.request('GET /v1/users/me')).rejects.toMatchObject({ status: 401 });
  });
});

async function ownSession(client: ReturnType<Person['open']>): Promise<string> {
  const { sessions } = await client.request('GET /v1/users/me/sessions');
  return sessions.find(({ current: isCurrent }) => isCurrent)?.session_id ?? '';
}
