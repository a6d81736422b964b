import type { AppRecord, History } from '../history.ts';
import type { Invariant } from './invariant.ts';

/**
 * What an app on packages/client says is stored once, and what others say it is given once: neither a
 * lost connection nor a page that is loaded again may change that.
 */
export const applications: Invariant = {
  name: 'an app on the client loses nothing and hears nothing twice',
  judge(history) {
    const broken = history.apps.flatMap((app) => [
      ...saidWrongly(app, history),
      ...heardWrongly(app, history),
    ]);
    const count = (pick: (app: AppRecord) => readonly unknown[]) =>
      history.apps.reduce((sum, app) => sum + pick(app).length, 0);
    const seen = `${count(({ said }) => said)} messages said, ${count(({ heard }) => heard)} heard`;
    return { broken, seen };
  },
};

function saidWrongly({ user, said, refused }: AppRecord, { stored }: History): string[] {
  const wrong = refused.map(({ id, code }) => `${user} was refused ${id} for good: ${code}`);
  for (const { clientMessageId, conversationId } of said) {
    const same = stored
      .get(conversationId)
      ?.filter((message) => message.clientMessageId === clientMessageId);
    const times = same?.length ?? 0;
    if (times !== 1) wrong.push(`${clientMessageId} of ${user} is stored ${times} times`);
  }
  return wrong;
}

function heardWrongly({ user, conversationIds, said, heard }: AppRecord, history: History) {
  const own = new Set(said.map(({ clientMessageId }) => clientMessageId));
  const due = conversationIds.flatMap((id) =>
    (history.stored.get(id) ?? []).filter(
      ({ clientMessageId }) => clientMessageId === undefined || !own.has(clientMessageId),
    ),
  );
  const times = new Map<string, number>();
  for (const { messageId } of heard) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  const lost = due.filter(({ messageId }) => !times.has(messageId));
  const doubled = [...times].filter(([, count]) => count > 1);
  return [
    ...lost.map(({ messageId }) => `${user} has not heard ${messageId}`),
    ...doubled.map(([messageId, count]) => `${user} has heard ${messageId} ${count} times`),
  ];
}
