import { randomUUID } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import { closeCodes, type Delivery, type Hub, type Member } from '@secureconnect/realtime';
import { type Logger, OutageLog, repeatEvery } from '@secureconnect/service';
import { z } from 'zod';
import { findCalls } from '../stores/calls.ts';
import { endOf, newsOf, viewOf } from './call-view.ts';
import type { SignalingSockets } from './signaling-sockets.ts';

/** The room of all instances, which announces changes of calls. */
const callsRoom = 'calls';
const Announcement = z.object({
  call_id: z.string(),
  /** The socket whose session has opened a new one. */
  replaced: z.string().exactOptional(),
});

/** A change that nobody has announced is told this much late at the most, and a little more. */
const intervalMs = 1000;

interface WatchDeps {
  readonly database: Database;
  readonly hub: Hub;
  readonly signaling: SignalingSockets;
  readonly log: Logger;
}

/**
 * Tells the sockets of this process what SQL says of their calls: who has joined, left, lost their
 * socket or come back, and the end. It looks when a change is announced, and once a second in any
 * case, because while Redis is down, and when an instance is killed, nobody announces anything.
 */
export class CallWatch implements Member {
  readonly id = randomUUID();
  /** A member of the hub, like a socket, but without a user. */
  readonly userId = '';
  readonly #deps: WatchDeps;
  readonly #outages: OutageLog;
  readonly #due = new Set<string>();
  #looking: Promise<void> | undefined;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    this.#outages = new OutageLog({
      log: deps.log,
      fields: {},
      failedMessage: 'reading the calls of sockets failed; trying again later',
      workedMessage: 'reading the calls of sockets succeeds again',
    });
    deps.hub.join(this, [callsRoom]);
  }

  /** Looks once a second; returns a function that stops this. */
  start(): () => Promise<void> {
    const { log, signaling } = this.#deps;
    const run = (): Promise<void> => this.look(signaling.callIds());
    return repeatEvery({ intervalMs, what: 'reading the calls of sockets', log, run });
  }

  /** Announces to every instance that a call has changed. */
  changed(callId: string): Delivery {
    return { id: randomUUID(), room: callsRoom, frame: { call_id: callId } };
  }

  /** Announces that a session has a new socket, and that the earlier one is to be closed. */
  replaced(callId: string, socketId: string): Delivery {
    return { id: randomUUID(), room: callsRoom, frame: { call_id: callId, replaced: socketId } };
  }

  sendText(text: string | Buffer): void {
    const read = Announcement.safeParse(JSON.parse(String(text)));
    if (!read.success) {
      this.#deps.log.warn({ err: read.error }, 'announcement of a call not understood');
    } else if (read.data.replaced === undefined) {
      void this.look([read.data.call_id]);
    } else {
      this.closeReplaced(read.data.call_id, read.data.replaced);
    }
  }

  /** Closes a socket whose session has opened a new one. */
  closeReplaced(callId: string, socketId: string): void {
    for (const { connection } of this.#deps.signaling.seatsOf(callId)) {
      if (connection.id === socketId) connection.close(closeCodes.replaced);
    }
  }

  /**
   * Tells the sockets of these calls what is new; one look at a time, so that news are in order.
   * Never rejects: the next look tells what this one could not.
   */
  look(callIds: readonly string[]): Promise<void> {
    for (const callId of callIds) if (this.#deps.signaling.hasCall(callId)) this.#due.add(callId);
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAll(): Promise<void> {
    while (this.#due.size > 0) {
      const callIds = [...this.#due];
      this.#due.clear();
      try {
        await this.#tell(callIds);
        this.#outages.worked();
      } catch (error) {
        this.#outages.failed(error);
      }
    }
  }

  async #tell(callIds: readonly string[]): Promise<void> {
    const { database, signaling } = this.#deps;
    // Sockets that open from now on know more than what is read.
    const seats = callIds.flatMap((callId) => signaling.seatsOf(callId));
    const read = await findCalls(database, callIds);
    const calls = new Map(read.map((call) => [call.callId, call]));
    const at = new Date();
    for (const seat of seats) {
      const { callId, userId, connection } = seat;
      const call = calls.get(callId);
      const ended = endOf(call, callId, userId, at);
      if (call === undefined || ended !== undefined) {
        if (ended !== undefined) connection.send(ended);
        connection.close(closeCodes.notFound);
        continue;
      }
      for (const frame of newsOf(seat.view, call, userId, at)) connection.send(frame);
      seat.view = viewOf(call);
    }
  }
}
