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

/** The call and the user of a socket. */
export interface Seat extends Part {
  /** All participants of the call, including this user. */
  readonly participantIds: ReadonlySet<string>;
}

/** The room of all instances, which announces the end of a user's part in a call. */
const partsRoom = 'parts';
const PartOver = z.object({ call_id: z.string(), user_id: z.string().exactOptional() });

/** The signaling sockets of this process; each is closed when its user's part is over. */
export class SignalingSockets implements Member {
  readonly id = randomUUID();
  /** A member of the hub, like a socket, but without a user. */
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

  /** Tells every instance to close them. While Redis is down, the sweeps of other instances do. */
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
