import type { Connection } from '@secureconnect/realtime';
import type { SocketRow } from '../stores/call-sockets.ts';
import type { CallView } from './call-view.ts';

/** The call and the user of a socket. */
export interface Seat extends SocketRow {
  readonly connection: Connection;
  /** All participants of the call, including this user. */
  readonly participantIds: ReadonlySet<string>;
  /** What the socket has been told of the call. */
  view: CallView;
}

/** The signaling sockets of this process. */
export class SignalingSockets {
  readonly #seats = new Map<Connection, Seat>();
  readonly #byCall = new Map<string, Set<Seat>>();

  add(seat: Seat): void {
    this.#seats.set(seat.connection, seat);
    const seats = this.#byCall.get(seat.callId);
    if (seats === undefined) this.#byCall.set(seat.callId, new Set([seat]));
    else seats.add(seat);
  }

  remove(connection: Connection): void {
    const seat = this.#seats.get(connection);
    if (seat === undefined) return;
    this.#seats.delete(connection);
    const seats = this.#byCall.get(seat.callId);
    seats?.delete(seat);
    if (seats?.size === 0) this.#byCall.delete(seat.callId);
  }

  seatOf(connection: Connection): Seat | undefined {
    return this.#seats.get(connection);
  }

  seats(): Seat[] {
    return [...this.#seats.values()];
  }

  seatsOf(callId: string): Seat[] {
    return [...(this.#byCall.get(callId) ?? [])];
  }

  /** The calls with sockets here. */
  callIds(): string[] {
    return [...this.#byCall.keys()];
  }

  hasCall(callId: string): boolean {
    return this.#byCall.has(callId);
  }
}
