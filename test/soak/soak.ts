import { openDatabase } from '@secureconnect/postgres';
import { migrateServices } from '@secureconnect/postgres/testing';
import { eventually } from '@secureconnect/testkit';
import { percentile } from '../../bench/support/statistics.ts';
import { startChatProcess } from './chat-process.ts';
import { type Listener, openListener } from './listener.ts';
import { makePeople, type Person } from './people.ts';
import { type Sent, speak } from './speaking.ts';

export interface SoakOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly sockets: number;
  readonly seconds: number;
  readonly messagesPerSecond: number;
  readonly say: (line: string) => void;
}

/** What a soak has shown. */
export interface SoakResult {
  readonly sockets: number;
  readonly messages: number;
  readonly deliveries: number;
  /** Deliveries that were due and did not come; those that came twice. */
  readonly missed: number;
  readonly doubled: number;
  /** Sockets that were closed meanwhile, by code. */
  readonly closed: ReadonlyMap<number, number>;
  readonly bytesPerSocket: number;
  readonly memoryBytes: { readonly opened: number; readonly ended: number };
  readonly delayMs: { readonly p50: number; readonly p99: number };
  readonly complaints: readonly string[];
}

const socketsAtATime = 50;
/** One user may have fifty. */
const socketsPerPerson = 25;
const jwtSecret = 'a secret of the soak that is long enough';

/** Opens many sockets on one instance, lets people speak, and counts what every socket hears. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { databaseUrl, redisUrl, sockets, say } = options;
  await migrateServices(databaseUrl, ['auth', 'chat']);
  const environment = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, JWT_SECRET: jwtSecret };
  await using chat = await startChatProcess(environment);
  await using parts = new AsyncDisposableStack();
  const database = openDatabase({ url: databaseUrl });
  parts.defer(() => database.close());
  const count = Math.ceil(sockets / socketsPerPerson);
  const people = await makePeople(database, chat.url, { jwtSecret, count });
  say(`${people.length} users in groups of ten`);

  const before = chat.memoryBytes();
  const sentAt = new Map<string, number>();
  const delaysMs: number[] = [];
  const open = (person: Person) =>
    openListener(chat.url, person, (content) => sentAt.get(content), delaysMs);
  const listeners = await openAll(people, options, open);
  const opened = chat.memoryBytes();
  const onSend = (content: string) => sentAt.set(content, performance.now());
  const sent = await speak({ ...options, chatUrl: chat.url, people, onSend });
  await untilAllIsHeard(listeners, sent);
  const ended = chat.memoryBytes();
  const { missed, doubled } = countDeliveries(listeners, sent);
  const closed = Map.groupBy(
    listeners.flatMap(({ closedWith }) => closedWith ?? []),
    (code) => code,
  );
  for (const listener of listeners) listener.close();
  return {
    ...{ sockets: listeners.length, messages: sent.length, deliveries: delaysMs.length },
    ...{ missed, doubled, memoryBytes: { opened, ended }, complaints: chat.complaints },
    closed: new Map([...closed].map(([code, all]) => [code, all.length])),
    bytesPerSocket: (opened - before) / listeners.length,
    delayMs: { p50: percentile(delaysMs, 0.5), p99: percentile(delaysMs, 0.99) },
  };
}

/** Opens so many sockets, a few at a time, the people taking turns. */
async function openAll(
  people: readonly Person[],
  { sockets, say }: SoakOptions,
  open: (person: Person) => Promise<Listener>,
): Promise<Listener[]> {
  const listeners: Listener[] = [];
  while (listeners.length < sockets) {
    const batch = Array.from({ length: Math.min(socketsAtATime, sockets - listeners.length) });
    const opened = batch.map((_, index) => {
      const person = people[(listeners.length + index) % people.length];
      if (person === undefined) throw new Error('there is nobody to open a socket');
      return open(person);
    });
    listeners.push(...(await Promise.all(opened)));
    if (listeners.length % 1000 === 0) say(`${listeners.length} sockets are open`);
  }
  return listeners;
}

function countDeliveries(listeners: readonly Listener[], sent: readonly Sent[]) {
  let [missed, doubled] = [0, 0];
  for (const { heard, person } of listeners) {
    for (const { messageId, conversationId } of sent) {
      if (conversationId !== person.conversationId) continue;
      const times = heard.get(messageId) ?? 0;
      if (times === 0) missed += 1;
      if (times > 1) doubled += 1;
    }
  }
  return { missed, doubled };
}

const patienceMs = 15_000;

/** Waits for what is due, and continues without it after a while: the counts show it. */
async function untilAllIsHeard(
  listeners: readonly Listener[],
  sent: readonly Sent[],
): Promise<void> {
  const check = (): void => {
    if (countDeliveries(listeners, sent).missed > 0) throw new Error('not yet');
  };
  try {
    await eventually(check, { timeoutMs: patienceMs, intervalMs: 250 });
  } catch {
    // The counts are read once more, and are the result.
  }
}
