import { randomUUID } from 'node:crypto';
import {
  type Connection,
  closeCodes,
  type Delivery,
  type Hub,
  type Member,
} from '@secureconnect/realtime';
import type { Logger } from '@secureconnect/service';
import { z } from 'zod';
import type { Part } from './stores/live-calls.ts';

/** What a socket is for. */
export interface Seat extends Part {
  /** Everybody who was ever called, this user included. */
  readonly participantIds: ReadonlySet<string>;
}

/** Every instance is in this room, to be told whose part in a call is over. */
const partsRoom = 'parts';
const PartOver = z.object({ call_id: z.string(), user_id: z.string().exactOptional() });

/** The signaling sockets of this process. Each is closed when its user's part in the call is over. */
export class SignalingSockets implements Member {
  readonly id = randomUUID();
  /** A member of the hub like a socket, and of no user. */
  readonly userId = '';
  readonly #seats = new Map<Connection, Seat>();
  readonly #log: Logger;

  constructor(hub: Hub, log: Logger) {
    this.#log = log;
    hub.join(this, [partsRoom]);
  }

  add(connection: Connection, seat: Seat): void {
    this.#seats.set(connection, seat);
  }

  remove(connection: Connection): void {
    this.#seats.delete(connection);
  }

  seatOf(connection: Connection): Seat | undefined {
    return this.#seats.get(connection);
  }

  seats(): Seat[] {
    return [...this.#seats.values()];
  }

  /** Closes the sockets of a call, or of one user in it. */
  close(callId: string, userId?: string): void {
    for (const [connection, seat] of this.#seats) {
      if (seat.callId !== callId) continue;
      if (userId === undefined || userId === seat.userId) connection.close(closeCodes.notFound);
    }
  }

  /** Tells every instance to close them. Where Redis is away, the others find out by their sweep. */
  closing(callId: string, userId?: string): Delivery {
    const frame = { call_id: callId, ...(userId === undefined ? {} : { user_id: userId }) };
    return { id: randomUUID(), room: partsRoom, frame };
  }

  sendText(text: string | Buffer): void {
    const over = PartOver.safeParse(JSON.parse(String(text)));
    if (over.success) this.close(over.data.call_id, over.data.user_id);
    else this.#log.warn({ err: over.error }, 'end of participation not understood');
  }
}
