import { randomUUID } from 'node:crypto';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { Hub, Member } from '@secureconnect/realtime';
import { batchesOf, type Logger, OutageLog } from '@secureconnect/service';
import { membershipsRoom, readMembershipFrame } from '../membership-frames.ts';
import type { PresencePort } from '../ports/presence.ts';
import { type Change, MembershipUpdates } from './membership-updates.ts';
import { TurnBudget } from './turn-budget.ts';
import {
  type FollowingSocket,
  UserSockets,
  type UserSocketsDeps,
  workPerTurn,
} from './user-sockets.ts';

/** The number of users whose presence is rebuilt concurrently. */
const usersAtATime = 200;

export interface ChatSocketsDeps {
  readonly hub: Hub;
  readonly database: Database;
  readonly log: Logger;
}

/** The chat sockets of this process, by user. */
export class ChatSockets implements Member {
  readonly id = randomUUID();
  /** The instance itself is a member of the hub, without a user. */
  readonly userId = '';
  readonly #log: Logger;
  readonly #parts: UserSocketsDeps;
  readonly #byUser = new Map<string, UserSockets>();
  readonly #updates: MembershipUpdates;

  constructor({ hub, database, log }: ChatSocketsDeps) {
    this.#log = log;
    const outages = outagesOf(log);
    this.#parts = { hub, database, outages, turns: new TurnBudget(workPerTurn) };
    this.#updates = new MembershipUpdates({
      database,
      isHere: (userId) => this.#byUser.has(userId),
      apply: async ({ userId, conversationId }, takesPart) =>
        this.#byUser.get(userId)?.apply(conversationId, takesPart),
    });
    hub.join(this, [membershipsRoom]);
  }

  /** Puts a socket into its rooms; see `UserSockets.enter`. The caller must call `exit` later. */
  async enter(socket: FollowingSocket): Promise<UserSockets> {
    const { userId } = socket.connection;
    const sockets = this.#byUser.get(userId) ?? new UserSockets(userId, this.#parts);
    this.#byUser.set(userId, sockets);
    await sockets.enter(socket);
    return sockets;
  }

  /** Resolves when all effects of a socket's end are done. */
  async exit(socket: FollowingSocket): Promise<void> {
    const { userId } = socket.connection;
    const sockets = this.#byUser.get(userId);
    await sockets?.exit(socket);
    // While this waited, the last socket may have gone, and others may have opened since.
    if (sockets?.isEmpty === true && this.#byUser.get(userId) === sockets) {
      this.#byUser.delete(userId);
    }
  }

  /** Whether a user has an open socket on this instance. */
  has(userId: string): boolean {
    return this.#byUser.get(userId)?.isEmpty === false;
  }

  /** Sends a frame to the sockets here of one session of a user that are for all conversations. */
  sendToSession(userId: string, sessionId: string, frame: object): void {
    this.#byUser.get(userId)?.sendToSession(sessionId, frame);
  }

  /** Makes the sockets of these users follow. Rejects while SQL is down. */
  async followAll(changes: readonly Change[]): Promise<void> {
    await this.#updates.follow(changes);
  }

  /** The same for a change from the bus. Never rejects: the log of changes is read again later. */
  async follow(change: Change): Promise<void> {
    const { following } = this.#parts.outages;
    try {
      await this.#updates.follow([change]);
      following.worked();
    } catch (error) {
      following.failed(error);
    }
  }

  sendText(text: string | Buffer): void {
    const change = readMembershipFrame(text);
    if (change === undefined) this.#log.warn('membership change not understood');
    else void this.follow(change);
  }

  /** Before the flag flips back, restores the presence of users with a socket on this instance. */
  presenceReconciler(presence: PresencePort): Reconciler {
    return {
      name: 'presence',
      run: async () => {
        for (const users of batchesOf(this.#byUser.keys(), usersAtATime)) {
          const here = users.filter((userId) => this.has(userId));
          await Promise.all(
            here.map(async (userId) => {
              await presence.connected(userId);
              const sessions = this.#byUser.get(userId)?.listeningSessions() ?? [];
              await presence.listening(userId, sessions);
            }),
          );
        }
      },
    };
  }
}

/** A failure of one socket affects all, so it is logged once. */
function outagesOf(log: Logger): UserSocketsDeps['outages'] {
  return {
    following: new OutageLog({
      log,
      fields: {},
      failedMessage: 'sockets cannot follow memberships',
      workedMessage: 'sockets follow memberships again',
    }),
    telling: new OutageLog({
      log,
      fields: {},
      failedMessage: 'user_joined and user_left cannot be sent',
      workedMessage: 'user_joined and user_left are sent again',
    }),
  };
}
