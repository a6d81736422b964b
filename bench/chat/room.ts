import { ChatSocket } from './chat-socket.ts';
import { Ledger } from './ledger.ts';
import { contentOf, type Protocol } from './protocols/protocol.ts';

/** A room that is to be opened. */
export interface RoomPlan {
  readonly room: string;
  /** So many sockets, the same number on each instance. */
  readonly sockets: number;
  /** Of the instances; where there are two, the ledger tells deliveries on the sender's apart. */
  readonly ports: readonly number[];
  /** Of each socket; none where nobody asks. */
  readonly tokens: readonly string[];
}

const openedAtOnce = 25;

/** All sockets of one conversation. */
export class Room {
  readonly ledger: Ledger;
  readonly #protocol: Protocol;
  readonly #plan: RoomPlan;
  readonly #sockets: ChatSocket[] = [];
  /** The instance of each socket. */
  readonly #ports: number[] = [];

  private constructor(protocol: Protocol, plan: RoomPlan) {
    this.ledger = new Ledger(plan.sockets);
    this.#protocol = protocol;
    this.#plan = plan;
  }

  static async open(protocol: Protocol, plan: RoomPlan): Promise<Room> {
    const room = new Room(protocol, plan);
    for (let from = 0; from < plan.sockets; from += openedAtOnce) {
      const length = Math.min(openedAtOnce, plan.sockets - from);
      const batch = Array.from({ length }, (_, index) => room.#open(from + index, plan.ports));
      room.#sockets.push(...(await Promise.all(batch)));
    }
    return room;
  }

  /** Opens the sockets of an instance that is gone on others. Resolves to how many those were. */
  async reopen(gone: number, ports: readonly number[]): Promise<number> {
    const lost = [...this.#sockets.keys()].filter((socket) => this.#ports[socket] === gone);
    for (const socket of lost) this.#sockets[socket] = await this.#open(socket, ports);
    return lost.length;
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

  #open(socket: number, ports: readonly number[]): Promise<ChatSocket> {
    const { room, tokens } = this.#plan;
    const port = ports[socket % ports.length];
    if (port === undefined) throw new Error('there is no instance to open a socket on');
    this.#ports[socket] = port;
    return ChatSocket.open(this.#protocol, { port, room, token: tokens[socket] ?? '' }, (number) =>
      this.ledger.heard(number, socket, performance.now()),
    );
  }
}
