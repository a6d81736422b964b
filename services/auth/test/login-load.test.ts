import { openDatabase } from '@secureconnect/postgres';
import { eventually, type Reply } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { threadsForHashing } from '../src/passwords.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

/** What a hash costs in production at least. */
const productionCost = '10';
const people = Array.from({ length: 60 }, () => someone());
const password = 'correct horse battery staple';
/** The queue's own bound, and as long again. */
const twiceTheQueueMs = 10_000;
/** What half of the replies of a route take that needs no hash; on a busy machine. */
const usualQuickReplyMs = 1000;

let auth: TestAuth;
let token: string;
/** How long the busy machine takes for a request that hashes and has nobody before it. */
let loneMs: number;
beforeAll(async () => {
  auth = await startAuth({ BCRYPT_COST: productionCost });
  const startedAt = performance.now();
  const registered = await auth.call('POST', '/v1/auth/register', { body: people[0] });
  loneMs = performance.now() - startedAt;
  token = String(registered.body.data?.['access_token']);
  await copyAccount();
});
afterAll(() => auth[Symbol.asyncDispose]());

/** The first account's hash for everybody else: sixty registrations would take as many hashes. */
async function copyAccount(): Promise<void> {
  const database = openDatabase({ url: auth.databaseUrl });
  const others = people.slice(1);
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     SELECT gen_random_uuid(), new.email, new.name, new.name, new.name, u.password_hash
     FROM auth.users u, unnest($1::text[], $2::text[]) AS new (email, name)`,
    [others.map(({ email }) => email), others.map(({ username }) => username)],
  );
  await database.close();
}

/** What half a minute of quiet does: the service has no connection to the database any more. */
async function closeConnections(): Promise<void> {
  const database = openDatabase({ url: auth.databaseUrl });
  const ended = async (): Promise<number> => {
    const rows = await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return rows.length;
  };
  await expect.poll(ended).toBe(0);
  await database.close();
}

interface TimedReply extends Reply {
  readonly tookMs: number;
}

async function login(
  number: number,
  clientAddress: string,
  signal?: AbortSignal,
): Promise<TimedReply> {
  const startedAt = performance.now();
  const reply = await auth.call('POST', '/v1/auth/login', {
    body: { email: people[number % people.length]?.email, password },
    headers: { 'x-forwarded-for': clientAddress },
    ...(signal === undefined ? {} : { signal }),
  });
  return { ...reply, tookMs: performance.now() - startedAt };
}

/** A login is answered as such, or refused as too many: nothing is said of the database. */
function expectGrantedOrRefused({ status, body, headers, tookMs }: TimedReply): void {
  expect(tookMs).toBeLessThan(twiceTheQueueMs + 10 * loneMs);
  if (status === 200) return;
  expect([status, body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(body.error?.message).toContain('Too many passwords are being checked');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${auth.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

/** Requests that found the queue too long, so far. */
async function refusals(): Promise<number> {
  const counts = await Promise.all(
    ['queue_full', 'waited_too_long'].map((reason) =>
      metric(`auth_password_hashes_refused_total{reason="${reason}"}`),
    ),
  );
  return counts.reduce((sum, count) => sum + count);
}

describe('many concurrent logins', () => {
  it('reach the database, to which no connection was open', { timeout: 40_000 }, async () => {
    await closeConnections();
    const replies = await Promise.all(
      people.map((_, number) => login(number, `198.51.100.${number}`)),
    );
    for (const reply of replies) expectGrantedOrRefused(reply);
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  });

  it('delay no other request: neither a login from elsewhere nor one without a hash', {
    timeout: 60_000,
  }, async () => {
    const refusedBefore = await refusals();
    let isOver = false;
    const flood = Promise.all(
      Array.from({ length: 200 }, (_, number) => login(number, `198.51.100.${number % 20}`)),
    ).finally(() => {
      isOver = true;
    });
    await eventually(async () => expect(await metric('auth_password_hashes_waiting')).not.toBe(0));
    const fromElsewhere = login(7, '203.0.113.9');
    const quickReplies: number[] = [];
    while (!isOver) {
      const startedAt = performance.now();
      expect((await auth.call('GET', '/v1/auth/profile', { token })).status).toBe(200);
      quickReplies.push(performance.now() - startedAt);
    }
    const median = quickReplies.toSorted((one, other) => one - other)[quickReplies.length >> 1];
    expect(median).toBeLessThan(usualQuickReplyMs);
    const replies = await flood;
    for (const reply of replies) expectGrantedOrRefused(reply);
    const refused = replies.filter(({ status }) => status === 503).length;
    expect(refused).toBeGreaterThan(0);
    // Clients take turns: this one had twenty before it and not two hundred, which a machine that is
    // busy with something else may find too many all the same. hash-queue.test.ts shows the turns.
    const elsewhere = await fromElsewhere;
    expectGrantedOrRefused(elsewhere);
    expect(elsewhere.tookMs).toBeLessThan(Math.max(...replies.map((reply) => reply.tookMs)));
    const refusedElsewhere = elsewhere.status === 503 ? 1 : 0;
    expect((await refusals()) - refusedBefore).toBe(refused + refusedElsewhere);
  });

  it('whose clients have left are not hashed', { timeout: 40_000 }, async () => {
    const leaving = new AbortController();
    const logins = Promise.allSettled(
      people.map((_, number) => login(number, `198.51.100.${number}`, leaving.signal)),
    );
    await eventually(async () =>
      expect(await metric('auth_password_hashes_waiting')).toBeGreaterThan(2),
    );
    leaving.abort();
    const gone = (await logins).filter(({ status }) => status === 'rejected').length;
    await eventually(async () => expect(await metric('auth_password_hashes_waiting')).toBe(0));
    // All of them but those that were hashed at that moment, or had not arrived yet.
    const left = await metric('auth_password_hashes_refused_total{reason="client_left"}');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(gone);
    expect(auth.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

describe('the threads for hashing', () => {
  it('are half of libuv’s, and no more than processors', () => {
    expect(threadsForHashing(undefined, 8)).toBe(2);
    expect(threadsForHashing('16', 8)).toBe(8);
    expect(threadsForHashing('16', 2)).toBe(2);
    expect(threadsForHashing('1', 8)).toBe(1);
    expect(threadsForHashing('many', 8)).toBe(2);
  });
});
