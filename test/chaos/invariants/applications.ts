import type { AppRecord, History } from '../history.ts';
import type { Invariant } from './invariant.ts';

/** What the apps of a run said and heard, and what went wrong on the way. */
export interface ApplicationTotals {
  readonly users: number;
  readonly said: number;
  readonly heard: number;
  /** Not stored, though said; or not heard, though stored. */
  readonly lost: readonly string[];
  /** Stored or heard more than once. */
  readonly doubled: readonly string[];
  /** Refused for good, or told as sent under an id that it does not have. */
  readonly other: readonly string[];
}

/**
 * What an app on packages/client says is stored once, and what others say it is given once: neither a
 * lost connection, nor a page that is loaded again, nor a sign-out may change that.
 */
export const applications: Invariant = {
  name: 'an app on the client loses nothing and hears nothing twice',
  judge(history) {
    const { said, heard, lost, doubled, other } = applicationTotals(history);
    const seen = `${said} messages said, ${heard} heard`;
    return { broken: [...lost, ...doubled, ...other], judged: Math.min(said, heard), seen };
  },
};

/** Judges the apps of a run. */
export function applicationTotals(history: History): ApplicationTotals {
  const idsByClientId = storedIds(history);
  const [lost, doubled, other] = [[], [], []] as [string[], string[], string[]];
  let [said, heard] = [0, 0];
  for (const app of history.apps) {
    said += app.said.length;
    heard += app.heard.length;
    judgeSaid(app, idsByClientId, { lost, doubled });
    judgeHeard(app, history, { lost, doubled });
    other.push(...wrongOutcomes(app, idsByClientId));
  }
  return { users: history.apps.length, said, heard, lost, doubled, other };
}

type Wrong = Readonly<Record<'lost' | 'doubled', string[]>>;
/** Of the stored messages with a sender's own id: conversation and that id, and the ids in the store. */
type StoredIds = ReadonlyMap<string, readonly string[]>;

function storedIds({ stored }: History): StoredIds {
  const ids = new Map<string, string[]>();
  for (const [conversationId, messages] of stored) {
    for (const { clientMessageId, messageId } of messages) {
      if (clientMessageId === undefined) continue;
      const key = keyOf(conversationId, clientMessageId);
      const same = ids.get(key);
      if (same === undefined) ids.set(key, [messageId]);
      else same.push(messageId);
    }
  }
  return ids;
}

function keyOf(conversationId: string, clientMessageId: string): string {
  return `${conversationId} ${clientMessageId}`;
}

function judgeSaid({ user, said }: AppRecord, ids: StoredIds, { lost, doubled }: Wrong): void {
  for (const { clientMessageId, conversationId } of said) {
    const times = ids.get(keyOf(conversationId, clientMessageId))?.length ?? 0;
    if (times === 1) continue;
    const line = `${clientMessageId} of ${user} is stored ${times} times`;
    (times === 0 ? lost : doubled).push(line);
  }
}

function judgeHeard(app: AppRecord, { stored }: History, { lost, doubled }: Wrong): void {
  const { user, conversationIds, said, heard } = app;
  const own = new Set(said.map(({ clientMessageId }) => clientMessageId));
  const times = new Map<string, number>();
  for (const { messageId } of heard) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  for (const { clientMessageId, messageId } of conversationIds.flatMap(
    (id) => stored.get(id) ?? [],
  )) {
    const isOwn = clientMessageId !== undefined && own.has(clientMessageId);
    if (!isOwn && !times.has(messageId)) lost.push(`${user} has not heard ${messageId}`);
  }
  for (const [messageId, count] of times) {
    if (count > 1) doubled.push(`${user} has heard ${messageId} ${count} times`);
  }
}

function wrongOutcomes({ user, said, sent, refused }: AppRecord, ids: StoredIds): string[] {
  const conversations = new Map(
    said.map(({ clientMessageId, conversationId }) => [clientMessageId, conversationId]),
  );
  const wrong = refused.map(({ id, code }) => `${user} was refused ${id} for good: ${code}`);
  for (const { clientMessageId, messageId } of sent) {
    const key = keyOf(conversations.get(clientMessageId) ?? '', clientMessageId);
    const stored = ids.get(key);
    // What is not stored at all is lost.
    if (stored === undefined || stored.includes(messageId)) continue;
    wrong.push(`${user} was told that ${clientMessageId} is ${messageId}, not ${stored.join()}`);
  }
  return wrong;
}
