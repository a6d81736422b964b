import { expect, it, onTestFinished } from 'vitest';
import { LostReplyError, RefusedError } from '../http/errors.ts';
import { StorageFullError } from '../stores/storage-full-error.ts';
import { MemoryStore } from '../stores/store.ts';
import { platformLocks } from '../support/locks.ts';
import type { Message } from './frames.ts';
import { Mailing, MessageRefusedError } from './mailing.ts';
import type { OutboxEntry } from './outbox.ts';
import type { Outcome } from './sender.ts';

const stored = ({ id, message }: OutboxEntry) =>
  ({ message_id: `stored ${id}`, content: message.content }) as Message;
const refusal = (code: string, status = 0) =>
  new RefusedError({
    ...{ status, code, message: 'No.', details: [] },
    ...{ requestId: undefined, retryAfterSeconds: undefined },
  });
const note = (content: string, conversation = 'c1') => ({
  conversation_id: conversation,
  content,
  client_message_id: content,
});

let users = 0;
/** A person's pages, over one store. */
function person(deliver: (entry: OutboxEntry) => Promise<Message>, store = new MemoryStore()) {
  users += 1;
  const userId = `user ${users}`;
  const locks = platformLocks();
  const delivered: string[] = [];
  const open = (onOutcome: (outcome: Outcome) => void = () => undefined) => {
    const outcomes: Outcome[] = [];
    const errors: unknown[] = [];
    const mailing = new Mailing({
      ...{ userId, store, locks },
      deliver: (entry) => {
        delivered.push(entry.message.content);
        return deliver(entry);
      },
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        onOutcome(outcome);
      },
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => mailing.close());
    return { mailing, outcomes, errors };
  };
  return { open, delivered };
}

it('sends in order within a conversation, one after the other', async () => {
  const { open, delivered } = person(async (entry) => stored(entry));
  const { mailing, outcomes } = open();
  const sent = await Promise.all([1, 2, 3].map((n) => mailing.send(note(`note ${n}`))));
  expect(sent.map(({ content }) => content)).toEqual(['note 1', 'note 2', 'note 3']);
  expect(delivered).toEqual(['note 1', 'note 2', 'note 3']);
  expect(outcomes.map(({ id }) => id)).toEqual(delivered);
  expect(await mailing.entries()).toEqual([]);
});

it.each([
  ['a lost reply', new LostReplyError('gone')],
  ['a refusal without Redis', refusal('SERVICE_DEGRADED')],
  ['the limit of messages', refusal('RATE_LIMITED', 429)],
])('sends again after %s, and nothing of the conversation before', async (_what, error) => {
  const failures: Error[] = [error];
  const { open, delivered } = person(async (entry) => {
    const failure = entry.id === 'first' ? failures.shift() : undefined;
    if (failure !== undefined) throw failure;
    return stored(entry);
  });
  const { mailing } = open();
  await Promise.all([mailing.send(note('first')), mailing.send(note('second'))]);
  expect(delivered.filter((content) => content === 'second').length).toBe(1);
  expect(delivered.slice(-2)).toEqual(['first', 'second']);
});

it('keeps what is refused for good, says why, and goes on', async () => {
  const { open } = person(async (entry) => {
    if (entry.id === 'bad') throw refusal('FORBIDDEN');
    return stored(entry);
  });
  const { mailing, outcomes } = open();
  const bad = mailing.send(note('bad'));
  await expect(bad).rejects.toEqual(
    new MessageRefusedError('bad', { code: 'FORBIDDEN', message: 'No.' }),
  );
  await mailing.send(note('good'));
  expect(await mailing.entries()).toMatchObject([{ id: 'bad', refusal: { code: 'FORBIDDEN' } }]);
  expect(outcomes.length).toBe(2);
  await mailing.remove('bad');
  expect(await mailing.entries()).toEqual([]);
});

it('sends after a reload what was kept before', async () => {
  let isOnline = false;
  const { open } = person(async (entry) => {
    if (!isOnline) throw new LostReplyError('offline');
    return stored(entry);
  });
  const before = open();
  const lost = before.mailing.send(note('kept'));
  void lost.catch(() => undefined);
  await before.mailing.close();
  isOnline = true;
  const { mailing, outcomes } = open();
  await expect.poll(() => outcomes.length).toBe(1);
  expect(outcomes).toMatchObject([{ id: 'kept' }]);
  expect(await mailing.entries()).toEqual([]);
});

it('takes no id for two conversations, of which one would lose its message', async () => {
  const { open } = person(async () => {
    throw new LostReplyError('offline');
  });
  const { mailing } = open();
  const kept = { ...note('first'), client_message_id: '1' };
  void mailing.send(kept).catch(() => undefined);
  await expect.poll(() => mailing.entries()).toHaveLength(1);
  const other = { ...note('second', 'c2'), client_message_id: '1' };
  await expect(mailing.send(other)).rejects.toThrow('a different conversation');
  await mailing.close();
  await expect(open().mailing.send(other)).rejects.toThrow('a different conversation');
  expect(await mailing.entries()).toMatchObject([{ message: kept }]);
});

it('is sent by one of two pages, and both hear of it', async () => {
  const { open, delivered } = person(async (entry) => stored(entry));
  const [one, two] = [open(), open()];
  const messages = await Promise.all([one.mailing.send(note('a')), two.mailing.send(note('b'))]);
  expect(messages.map(({ content }) => content)).toEqual(['a', 'b']);
  await expect.poll(() => [one.outcomes.length, two.outcomes.length]).toEqual([2, 2]);
  expect([...delivered].sort()).toEqual(['a', 'b']);
  await one.mailing.close();
  await two.mailing.send(note('c'));
  expect([...delivered].sort()).toEqual(['a', 'b', 'c']);
});

it('tells of a fault that is none of the network, and sends again', async () => {
  const bug = new TypeError('a fault of this code');
  const faults = [bug];
  const { open, delivered } = person(async (entry) => {
    const fault = entry.id === 'a' ? faults.shift() : undefined;
    if (fault !== undefined) throw fault;
    return stored(entry);
  });
  const { mailing, errors } = open();
  await Promise.all([mailing.send(note('a')), mailing.send(note('b', 'c2'))]);
  expect([delivered.toSorted(), errors]).toEqual([['a', 'a', 'b'], [bug]]);
});

it('sends also where a listener of outcomes throws', async () => {
  const bug = new TypeError('a fault of the app');
  const { open, delivered } = person(async (entry) => stored(entry));
  const { mailing, errors } = open(() => {
    throw bug;
  });
  await mailing.send(note('a'));
  await mailing.send(note('b'));
  expect([delivered, errors]).toEqual([
    ['a', 'b'],
    [bug, bug],
  ]);
  await expect.poll(() => mailing.entries()).toEqual([]);
});

/** A store whose device has no space left while it is full. */
class LimitedStore extends MemoryStore {
  isFull = false;

  override async set(key: string, value: string): Promise<void> {
    if (this.isFull) throw new StorageFullError(new Error('no space'));
    await super.set(key, value);
  }
}

it('sends nothing that it cannot keep, says so, and sends it once when there is space', async () => {
  const store = new LimitedStore();
  const { open, delivered } = person(async (entry) => stored(entry), store);
  const { mailing, outcomes } = open();
  store.isFull = true;
  await expect(mailing.send(note('one'))).rejects.toThrow(StorageFullError);
  expect([await mailing.entries(), delivered, outcomes]).toEqual([[], [], []]);
  store.isFull = false;
  await mailing.send(note('one'));
  expect(delivered).toEqual(['one']);
});

it('goes on to send after a store has failed', async () => {
  const store = new LimitedStore();
  const { open, delivered } = person(async () => {
    store.isFull = delivered.length === 1;
    throw refusal('FORBIDDEN', 403);
  }, store);
  const { mailing, errors } = open();
  // Why it was refused cannot be kept at first, so it is sent again.
  await expect(mailing.send(note('one'))).rejects.toThrow(MessageRefusedError);
  expect([delivered, errors]).toEqual([['one', 'one'], [expect.any(StorageFullError)]]);
});
