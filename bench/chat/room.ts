import { ChatSocket } from './chat-socket.ts';
import { instanceOf, Ledger } from './ledger.ts';
import { contentOf, type Protocol } from './protocols/protocol.ts';

/** A room that is to be opened. */
export interface RoomPlan {
  readonly room: string;
  /** So many sockets, half of them on each instance. */
  readonly sockets: number;
  readonly ports: readonly [first: number, second: number];
  /** Of each socket; none where nobody asks. */
  readonly tokens: readonly string[];
}

const openedAtOnce = 25;

/** All sockets of one conversation. */
export class Room {
  readonly ledger: Ledger;
  readonly #sockets: ChatSocket[] = [];

  private constructor(sockets: number) {
    this.ledger = new Ledger(sockets);
  }

  static async open(protocol: Protocol, plan: RoomPlan): Promise<Room> {
    const room = new Room(plan.sockets);
    for (let from = 0; from < plan.sockets; from += openedAtOnce) {
      const length = Math.min(openedAtOnce, plan.sockets - from);
      const batch = Array.from({ length }, (_, index) => room.#open(protocol, plan, from + index));
      room.#sockets.push(...(await Promise.all(batch)));
    }
    return room;
  }

  get size(): number {
    return this.#sockets.length;
  }

  /** Sockets that have closed; there should be none. */
  get closed(): number {
    return this.#sockets.filter(({ isOpen }) => !isOpen).length;
  }

  /** Says something over one of the sockets. Resolves to whether the server took it. */
  async say(sender: number, dueMs: number): Promise<boolean> {
    const socket = this.#sockets[sender];
    if (socket === undefined) throw new Error(`there is no socket ${sender}`);
    const number = this.ledger.sent(sender, dueMs);
    try {
      await socket.say(contentOf(number));
    } catch {
      // Whatever the reason, it was not taken, and is counted as that.
      this.ledger.refused(number);
      return false;
    }
    this.ledger.taken(number);
    return true;
  }

  #open(protocol: Protocol, plan: RoomPlan, socket: number): Promise<ChatSocket> {
    const port = plan.ports[instanceOf(socket)];
    const token = plan.tokens[socket] ?? '';
    return ChatSocket.open(protocol, { port, room: plan.room, token }, (number) =>
      this.ledger.heard(number, socket, performance.now()),
    );
  }
}
