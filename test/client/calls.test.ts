import { type Client, type ClientOptions, MemoryStore } from '@secureconnect/client';
import { type Call, CallOverError, openCalls } from '@secureconnect/client/calls';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientWorld, type Person, untilState } from './world.ts';

let world: ClientWorld;
beforeAll(async () => {
  world = await ClientWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

const patiently = { timeoutMs: 20_000 };

/** A device of a person that rings, and what it was told. */
async function device(person: Person, more: Partial<ClientOptions> = {}) {
  const client = person.open(more);
  if ((await client.userId()) === undefined) await signIn(client, person);
  const incoming: Call[] = [];
  const told = new Map<Call, string[]>();
  const states: string[] = [];
  const watch = (call: Call): Call => {
    const heard = call.endReason === undefined ? [] : [`ended ${call.endReason}`];
    told.set(call, heard);
    call.subscribe((change) => heard.push(change === 'ended' ? `ended ${call.endReason}` : change));
    return call;
  };
  const calls = await openCalls(client, {
    onIncoming: (call) => void incoming.push(watch(call)),
    onState: (state, end) => void states.push(end ?? state),
  });
  await untilState(states, 'open');
  return {
    client,
    calls,
    incoming,
    states,
    watch,
    start: async (conversation_id: string) =>
      watch(await calls.start({ conversation_id, call_type: 'audio' })),
    rings: () =>
      eventually(() => {
        const call = incoming.find(({ state }) => state === 'incoming');
        if (call === undefined) throw new Error('nothing rings');
        return call;
      }, patiently),
    /** Waits until it was told the end of a call, and so once and last. */
    ends: (call: Call, reason: string) =>
      eventually(() => {
        const heard = told.get(call) ?? [];
        expect(heard.filter((change) => change.startsWith('ended'))).toEqual([`ended ${reason}`]);
        expect(heard.at(-1)).toBe(`ended ${reason}`);
      }, patiently),
    hears: (call: Call, change: string) =>
      eventually(() => expect(told.get(call)).toContain(change), patiently),
  };
}

function signIn(client: Client, { email }: Person) {
  return client.signIn({ email, password: world.password });
}

/** Two people with a conversation, each with a device. */
async function pair() {
  const people = await world.pair();
  return { ...people, adas: await device(people.ada), bobs: await device(people.bob) };
}

async function talk({ adas, bobs, conversationId }: Awaited<ReturnType<typeof pair>>) {
  const call = await adas.start(conversationId);
  const answered = await bobs.rings();
  await answered.accept();
  await eventually(() => {
    expect([call.state, answered.state]).toEqual(['active', 'active']);
    // Each has said over its socket that it sends no sound.
    for (const { participants } of [call, answered])
      expect(participants).toMatchObject([{ isMicrophoneOn: false }]);
  }, patiently);
  return { call, answered };
}

/** A device with a session of its own. */
function anotherDevice(person: Person) {
  return device(person, { store: new MemoryStore() });
}

describe('calls of the client, without media', { timeout: 60_000 }, () => {
  it('ring, are answered, and end once for both', async () => {
    const scene = await pair();
    const { ada, bob, adas, bobs } = scene;
    const { call, answered } = await talk(scene);
    expect(answered).toMatchObject({ id: call.id, callerId: ada.userId, type: 'audio' });
    expect(call.participants).toMatchObject([{ userId: bob.userId, state: 'joined' }]);
    await call.end();
    await adas.ends(call, 'ended_by_host');
    await bobs.ends(answered, 'ended_by_host');
    await expect(answered.accept()).rejects.toThrow(CallOverError);
    await expect(answered.end()).resolves.toBeUndefined();
    expect([adas.calls.calls, bobs.calls.calls]).toEqual([[], []]);
  });

  it('are declined, and cancelled', async () => {
    const { adas, bobs, conversationId } = await pair();
    const first = await adas.start(conversationId);
    const ringing = await bobs.rings();
    await ringing.decline();
    await bobs.ends(ringing, 'declined');
    await adas.ends(first, 'declined');
    const second = await adas.start(conversationId);
    const again = await bobs.rings();
    await second.cancel();
    await adas.ends(second, 'cancelled');
    await bobs.ends(again, 'cancelled');
  });

  it('ring no more on other devices when one has answered', async () => {
    const scene = await pair();
    const phone = await device(scene.bob);
    const other = await anotherDevice(scene.bob);
    const call = await scene.adas.start(scene.conversationId);
    const [first, second, third] = [
      await scene.bobs.rings(),
      await phone.rings(),
      await other.rings(),
    ];
    await third.accept();
    await scene.bobs.ends(first, 'answered_elsewhere');
    await phone.ends(second, 'answered_elsewhere');
    await third.end();
    await scene.adas.ends(call, 'everyone_left');
    await other.ends(third, 'everyone_left');
  });

  it('are one call where both call at the same moment', async () => {
    const { adas, bobs, conversationId } = await pair();
    const [one, two] = await Promise.all([adas.start(conversationId), bobs.start(conversationId)]);
    expect(one.id).toBe(two.id);
    await eventually(() => expect([one.state, two.state]).toEqual(['active', 'active']), patiently);
    expect([...adas.incoming, ...bobs.incoming]).toEqual([]);
    await one.end();
    const reason = String(one.endReason);
    await adas.ends(one, reason);
    await bobs.ends(two, reason);
  });

  it('are started once though the reply is lost', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const bobs = await device(bob);
    let lost = 0;
    const adas = await device(ada, {
      fetch: async (input, init) => {
        const reply = await fetch(input, init);
        if (!String(input).endsWith('/initiate') || lost > 0) return reply;
        lost += 1;
        throw new TypeError('the reply is lost');
      },
    });
    const call = await adas.start(conversationId);
    expect((await bobs.rings()).id).toBe(call.id);
    const { calls } = await adas.client.request('GET /v1/calls');
    expect([lost, calls.length]).toEqual([1, 1]);
    await call.end();
    await adas.ends(call, 'cancelled');
  });

  it('end as soon as they are known where their start was aborted', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const bobs = await device(bob);
    const replied = Promise.withResolvers<void>();
    const adas = await device(ada, {
      fetch: async (input, init) => {
        const reply = await fetch(input, init);
        if (String(input).endsWith('/initiate')) await replied.promise;
        return reply;
      },
    });
    const abort = new AbortController();
    const newCall = { conversation_id: conversationId, call_type: 'audio' } as const;
    const starting = adas.calls.start(newCall, { signal: abort.signal });
    const ringing = await bobs.rings();
    abort.abort(new Error('changed my mind'));
    await expect(starting).rejects.toThrow('changed my mind');
    replied.resolve();
    await bobs.ends(ringing, 'cancelled');
  });

  it('that ring end once though their device was disconnected meanwhile', async () => {
    const { bob, adas, bobs, conversationId } = await pair();
    const call = await adas.start(conversationId);
    const ringing = await bobs.rings();
    bob.network.set('cut');
    await bobs.hears(ringing, 'lost');
    await call.cancel();
    bob.network.set('up');
    await bobs.ends(ringing, 'cancelled');
  });

  it('go on when a dead connection was found out, and end once', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const scene = { ada, bob, conversationId };
    const adas = await device(ada);
    const bobs = await device(bob, { quietMs: 500 });
    const { call, answered } = await talk({ ...scene, adas, bobs });
    bob.network.set('silent');
    await bobs.hears(answered, 'lost');
    bob.network.set('up');
    await bobs.hears(answered, 'resumed');
    await call.end();
    await bobs.ends(answered, 'ended_by_host');
  });

  it('end where they ended while a device was disconnected', async () => {
    const scene = await pair();
    const { call, answered } = await talk(scene);
    scene.bob.network.set('cut');
    await scene.bobs.hears(answered, 'lost');
    await eventually(() => expect(call.participants).toMatchObject([{ isAway: true }]), patiently);
    await call.end();
    scene.bob.network.set('up');
    await scene.bobs.ends(answered, 'ended_by_host');
  });

  it('are continued by a page that was loaded again', async () => {
    const scene = await pair();
    const { call, answered } = await talk(scene);
    const page = await device(scene.bob);
    const joined = page.watch(await page.calls.join(call.id));
    await scene.bobs.ends(answered, 'continued_elsewhere');
    expect(joined.state).toBe('active');
    await joined.end();
    await scene.adas.ends(call, 'everyone_left');
    await page.ends(joined, 'everyone_left');
  });

  it('end on this device when its session ends, and when it is closed', async () => {
    const scene = await pair();
    const { call, answered } = await talk(scene);
    await scene.bobs.client.signOut();
    await scene.bobs.ends(answered, 'signed_out');
    await scene.adas.client.close();
    await scene.adas.ends(call, 'closed');
  });
});
