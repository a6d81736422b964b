import { randomUUID } from 'node:crypto';
import type { CallNotice } from '@secureconnect/contracts';
import { type Database, openDatabase, type Sql, type SqlValue } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { Hub } from '@secureconnect/realtime';
import { createLogger } from '@secureconnect/service';
import { eventually, LogLines } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserCallNotices } from '../src/sockets/call-notices.ts';
import { startCallTail } from '../src/sockets/call-tail.ts';

let database: Database;
const owned = new AsyncDisposableStack();
beforeAll(async () => {
  const { url } = owned.use(await migratedDatabase(['auth', 'chat', 'video']));
  database = openDatabase({ url });
  owned.defer(() => database.close());
});
afterAll(() => owned.disposeAsync());

const lines = owned.use(new LogLines());
const log = createLogger({ service: 'chat', level: 'warn', write: lines.write });

const unmeasured = { broughtNotice: () => undefined, lookedForNotices: () => undefined };

function instance(sql: Sql = database) {
  const busHub = new Hub();
  const notices = new UserCallNotices({ busHub, database: sql, log });
  const announce = (...sent: CallNotice[]) =>
    busHub.deliver({ id: randomUUID(), room: 'notices', frame: { notices: sent } });
  return { busHub, notices, announce };
}

function device(userId: string) {
  const got: { type: string; data: { call_id: string } }[] = [];
  const sendText = (text: string | Buffer): void => void got.push(JSON.parse(String(text)));
  const types = (): string[] => got.map(({ type }) => type);
  return { id: randomUUID(), userId, sendText, types };
}

const notice = (userId: string, given: Partial<CallNotice> = {}): CallNotice => ({
  notice_id: randomUUID(),
  type: 'call_ringing',
  call_id: randomUUID(),
  conversation_id: randomUUID(),
  user_id: userId,
  from_user: randomUUID(),
  at: new Date().toISOString(),
  data: {},
  ...given,
});

/** SQL whose answers are late: something else happens between a query and its reply. */
const answeringAfter = (meanwhile: () => Promise<void>): Sql => ({
  execute: (text, values) => database.execute(text, values),
  query: async <Row extends object>(text: string, values?: readonly SqlValue[]) => {
    const rows = await database.query<Row>(text, values);
    await meanwhile();
    return rows;
  },
});

/** Stores a notice as video does; with `rings`, of a call that rings for the user. */
async function store(told: CallNotice, rings = false): Promise<void> {
  if (rings) {
    await database.execute(
      `INSERT INTO video.calls
         (call_id, conversation_id, call_type, host_id, status, created_at, ring_until)
       VALUES ($1, $2, 'audio', $3, 'ringing', now(), now() + interval '30 seconds')`,
      [told.call_id, told.conversation_id, told.from_user],
    );
    await database.execute(
      `INSERT INTO video.call_participants (call_id, user_id, state) VALUES ($1, $2, 'ringing')`,
      [told.call_id, told.user_id],
    );
  }
  await database.execute(
    `INSERT INTO video.call_notices
       (notice_id, call_id, user_id, type, from_user, conversation_id, at, data)
     VALUES ($1, $2, $3, $4, $5, $6, now(), $7::jsonb)`,
    [
      told.notice_id,
      told.call_id,
      told.user_id,
      told.type,
      told.from_user,
      told.conversation_id,
      JSON.stringify({ call_id: told.call_id }),
    ],
  );
}

describe('notices of calls', () => {
  it('reach each device of the user once, whichever way they come', async () => {
    const { notices, announce } = instance();
    const user = randomUUID();
    const [one, two, other] = [device(user), device(user), device(randomUUID())];
    for (const each of [one, two, other]) await notices.enter(each);
    const rung = notice(user);
    announce(rung);
    expect(notices.deliver(rung)).toBe(false);
    announce(rung);
    expect([one.types(), two.types(), other.types()]).toEqual([
      ['call_ringing'],
      ['call_ringing'],
      [],
    ]);
  });

  it('say nothing about a call after its end, also if they overtake each other', async () => {
    const { notices, announce } = instance();
    const user = randomUUID();
    const one = device(user);
    await notices.enter(one);
    const ended = notice(user, { type: 'call_ended' });
    announce(ended);
    announce(notice(user, { call_id: ended.call_id }));
    announce(notice(user, { type: 'call_answered', call_id: ended.call_id }));
    expect(one.types()).toEqual(['call_ended']);
  });

  it('come from SQL where the bus brought nothing, and only once', async () => {
    const { notices, announce } = instance();
    const user = randomUUID();
    const one = device(user);
    await notices.enter(one);
    let brought = 0;
    const broughtNotice = (): void => {
      brought += 1;
    };
    const metrics = { ...unmeasured, broughtNotice };
    const stop = startCallTail({ database, notices, log, metrics });
    const lost = notice(user);
    await store(lost, true);
    await eventually(async () => expect(one.types()).toEqual(['call_ringing']));
    announce(lost);
    const heard = notice(user, { type: 'call_answered', call_id: lost.call_id });
    announce(heard);
    await store(heard);
    const last = notice(user, { type: 'call_ended', call_id: lost.call_id });
    await store(last);
    await eventually(async () =>
      expect(one.types()).toEqual(['call_ringing', 'call_answered', 'call_ended']),
    );
    await stop();
    expect(brought).toBe(2);
  });

  it('tell a device that opens what rings, and nothing that its user was told before', async () => {
    const { notices } = instance();
    const user = randomUUID();
    const [rings, over] = [notice(user), notice(user)];
    await store(rings, true);
    await store(over);
    await store(notice(user, { type: 'call_ended', call_id: over.call_id }));
    const [one, two] = [device(user), device(user)];
    await notices.enter(one);
    await notices.enter(two);
    const stop = startCallTail({ database, notices, log, metrics: unmeasured });
    // Both looks of the tail see all of this again.
    await store(notice(user, { type: 'call_answered', call_id: rings.call_id }));
    for (const each of [one, two]) {
      await eventually(async () => expect(each.types()).toContain('call_answered'));
    }
    await stop();
    expect([one.types(), two.types()]).toEqual([
      ['call_ringing', 'call_answered'],
      ['call_ringing', 'call_answered'],
    ]);
    notices.exit(one);
    notices.exit(two);
    expect(notices.deliver(notice(user))).toBe(false);
  });

  it.each([
    ['after', true],
    ['together with', false],
  ])(
    'ring on a device that opens %s a different one, just as the call begins',
    async (_when, isAfter) => {
      const user = randomUUID();
      const [one, two] = [device(user), device(user)];
      const nothing = async (): Promise<void> => undefined;
      let meanwhile = nothing;
      const { notices, announce } = instance(answeringAfter(() => meanwhile()));
      if (isAfter) await notices.enter(one);
      meanwhile = async () => {
        meanwhile = nothing;
        if (!isAfter) await notices.enter(one);
        const rung = notice(user);
        await store(rung, true);
        announce(rung);
      };
      await notices.enter(two);
      expect([one.types(), two.types()]).toEqual([['call_ringing'], ['call_ringing']]);
    },
  );

  it('that are not understood are logged, and break nothing', async () => {
    const { busHub } = instance();
    expect(
      busHub.deliver({ id: randomUUID(), room: 'notices', frame: { notices: [{ type: 'x' }] } }),
    ).toBe(true);
    expect(lines.all.join('')).toContain('notices of a call not understood');
  });
});
