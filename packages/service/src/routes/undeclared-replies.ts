import { type Endpoint, type SocketEndpoint, statusesOf } from '@secureconnect/contracts';
import type { Logger } from '../observability/logger.ts';

/** A reply with a status that its endpoint does not list. */
export interface UndeclaredReply {
  /** `POST /v1/auth/login`. */
  readonly route: string;
  readonly status: number;
}

export type CheckReply = (endpoint: Endpoint | SocketEndpoint, status: number) => void;

interface ReplyCheckOptions {
  readonly log: Logger;
  readonly onUndeclaredReply?: ((reply: UndeclaredReply) => void) | undefined;
}

/**
 * A check of every reply against the statuses that its endpoint lists. It reports a route and status
 * once, so a service reports at most as many replies as its routes have statuses.
 */
export function createReplyCheck({ log, onUndeclaredReply }: ReplyCheckOptions): CheckReply {
  const listed = new Map<string, ReadonlySet<number>>();
  const reported = new Set<string>();
  return (endpoint, status) => {
    const { route } = endpoint;
    let statuses = listed.get(route);
    if (statuses === undefined) {
      statuses = statusesOf(endpoint);
      listed.set(route, statuses);
    }
    if (statuses.has(status)) return;
    const reply = `${route} ${status}`;
    if (reported.has(reply)) return;
    reported.add(reply);
    log.error({ route, status }, 'reply has a status that its endpoint does not list');
    onUndeclaredReply?.({ route, status });
  };
}
