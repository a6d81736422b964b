import { randomUUID } from 'node:crypto';
import { type CallNotice, CallNotices, callNoticesRoom } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { type Delivery, Hub, type Member } from '@secureconnect/realtime';
import type { Logger } from '@secureconnect/service';
import { noticesFor, type RecentNotice } from '../stores/call-notices.ts';

/** Longer than a call rings, and than the tail goes back. */
const recentSeconds = 60;

/** Where notices of calls come from. */
export interface CallNoticesOptions {
  /** The rooms of video's bus on this instance. */
  readonly busHub: Hub;
  readonly database: Sql;
  readonly log: Logger;
}

/**
 * Tells the devices of users about their calls: each user with sockets for all conversations has a
 * room here. Notices arrive over video's bus and from the tail; the hub delivers each once.
 */
export class UserCallNotices implements Member {
  readonly id = randomUUID();
  /** The instance itself is a member of the bus's hub, without a user. */
  readonly userId = '';
  readonly #hub = new Hub();
  readonly #database: Sql;
  readonly #log: Logger;

  constructor({ busHub, database, log }: CallNoticesOptions) {
    this.#database = database;
    this.#log = log;
    busHub.join(this, [callNoticesRoom]);
  }

  /**
   * Adds a socket, which is told of the calls that ring now and of everything from now on. Nothing
   * is told that its user was told before: the tail repeats the last notices.
   */
  async enter(socket: Member): Promise<void> {
    const { userId } = socket;
    if (!this.#hub.has(userId)) {
      const recent = await this.#recentOf(userId);
      // A different socket of the user may have entered meanwhile, and been told more.
      if (!this.#hub.has(userId)) {
        for (const { notice } of recent) {
          this.#hub.deliver({ ...deliveryOf(notice), exceptUsers: [userId] });
        }
        this.#hub.join(socket, [userId]);
        this.#tellRinging(socket, recent);
        return;
      }
    }
    // First, because the notices of this moment are delivered once, to the sockets that are there.
    this.#hub.join(socket, [userId]);
    this.#tellRinging(socket, await this.#recentOf(userId));
  }

  #recentOf(userId: string): Promise<RecentNotice[]> {
    return noticesFor(this.#database, userId, recentSeconds);
  }

  #tellRinging(socket: Member, recent: readonly RecentNotice[]): void {
    for (const { notice, rings } of recent) {
      if (rings) this.#hub.replay(socket, deliveryOf(notice), true);
    }
  }

  exit(socket: Member): void {
    this.#hub.leave(socket);
  }

  /** Returns whether the notice is for a user with sockets here and was not delivered yet. */
  deliver(notice: CallNotice): boolean {
    return this.#hub.has(notice.user_id) && this.#hub.deliver(deliveryOf(notice));
  }

  sendText(text: string | Buffer): void {
    const heard = CallNotices.safeParse(JSON.parse(String(text)));
    if (heard.success) for (const notice of heard.data.notices) this.deliver(notice);
    else this.#log.warn({ err: heard.error }, 'notices of a call not understood');
  }
}

/** After the end of a call for a user, nothing else about it is delivered to them. */
function deliveryOf(notice: CallNotice): Delivery {
  const { type, call_id, conversation_id, user_id, from_user, at, data } = notice;
  return {
    id: notice.notice_id,
    room: user_id,
    about: { id: `${call_id} ${user_id}`, ends: type === 'call_ended' },
    frame: {
      type,
      conversation_id,
      ...(type === 'call_ended' ? {} : { from: from_user }),
      at,
      data,
    },
  };
}
