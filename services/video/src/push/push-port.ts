import { hastenEffects } from '@secureconnect/outbox';
import type { Database } from '@secureconnect/postgres';
import { type Logger, OutageLog } from '@secureconnect/service';
import { outboxSchema } from '../outbox.ts';
import type { StoredNotice } from '../stores/call-notices.ts';
import type { PlannedPush } from '../stores/call-pushes.ts';
import type { ListeningSessions } from './listening-sessions.ts';

/** Begins pushes that a change of a call has written. */
export interface PushPort {
  /** To devices whose session has no open socket; the others are told by their socket. */
  begin(pushes: readonly PlannedPush[]): Promise<void>;
}

export interface PushPortDeps {
  readonly database: Database;
  readonly listening: ListeningSessions;
  readonly log: Logger;
}

/**
 * While Redis is down, nobody knows which devices have sockets, so nothing is pushed: the pushes
 * wait in the outbox, and are sent when Redis is back and the call still rings.
 */
export function createPushPort({ database, listening, log }: PushPortDeps): {
  redis: PushPort;
  skip: PushPort;
} {
  const outages = new OutageLog({
    log,
    fields: {},
    failedMessage: 'pushes skipped until Redis is back',
    workedMessage: 'pushes are sent again',
  });
  return {
    redis: {
      async begin(pushes) {
        const userIds = [...new Set(pushes.map(({ userId }) => userId))];
        const sets = await Promise.all(userIds.map((userId) => listening(userId)));
        const onSocket = new Set(sets.flatMap((sessions) => [...sessions]));
        outages.worked();
        const ids = pushes.flatMap(({ effectId, sessionId }) =>
          onSocket.has(sessionId) ? [] : [effectId],
        );
        await hastenEffects(database, outboxSchema, ids);
      },
    },
    skip: {
      async begin(pushes) {
        outages.failed('Redis is down', { pushes: pushes.length });
      },
    },
  };
}

/** Begins the pushes of these notices; the port is used only if there are some. */
export async function beginPushes(push: PushPort, notices: readonly StoredNotice[]): Promise<void> {
  const pushes = notices.flatMap((notice) => notice.pushes);
  if (pushes.length > 0) await push.begin(pushes);
}
