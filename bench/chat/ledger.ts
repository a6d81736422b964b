/** What one measurement has seen of its messages. */
export interface Counts {
  /** Messages that the server took. */
  readonly messages: number;
  /** Those that it refused, or that the end of their socket left unanswered. */
  readonly refused: number;
  /** Deliveries that had to come: each message that was taken, at every socket but its sender's. */
  readonly due: number;
  readonly arrived: number;
  /** Deliveries to a socket that had the message already. */
  readonly doubled: number;
  /** Messages that came back to the socket that had said them, beside its acknowledgement. */
  readonly echoed: number;
  /** From when a message was due to its delivery, in milliseconds, on the instance of its sender. */
  readonly nearMs: readonly number[];
  /** The same on the other instance. */
  readonly farMs: readonly number[];
}

interface Message {
  readonly dueMs: number;
  readonly sender: number;
  readonly part: Part;
  /** How often each socket has had it. */
  readonly times: Uint8Array;
}

/** The messages of one measurement. */
interface Part {
  messages: number;
  refused: number;
  due: number;
  arrived: number;
  doubled: number;
  echoed: number;
  nearMs: number[];
  farMs: number[];
}

/** Sockets take turns: the even ones are on the first instance, the odd ones on the second. */
export function instanceOf(socket: number): 0 | 1 {
  return socket % 2 === 0 ? 0 : 1;
}

/**
 * Every message of a room and whom it has reached. It remembers them all, so that what comes late
 * or twice is counted for the measurement that it belongs to, however long that is over.
 */
export class Ledger {
  readonly #sockets: number;
  readonly #messages: Message[] = [];
  #part: Part = newPart();

  constructor(sockets: number) {
    this.#sockets = sockets;
  }

  /** Begins a measurement; its counts grow as long as its messages arrive. */
  begin(): Counts {
    this.#part = newPart();
    return this.#part;
  }

  /** Notes a message that is on its way. Returns its number. */
  sent(sender: number, dueMs: number): number {
    const times = new Uint8Array(this.#sockets);
    this.#messages.push({ dueMs, sender, part: this.#part, times });
    return this.#messages.length - 1;
  }

  /** The server has it: from now on its deliveries are due. */
  taken(number: number): void {
    const { part } = this.#message(number);
    part.messages += 1;
    part.due += this.#sockets - 1;
  }

  /** It may have been delivered all the same, or never: nothing of it is due. */
  refused(number: number): void {
    this.#message(number).part.refused += 1;
  }

  /** A socket has heard it. */
  heard(number: number, socket: number, nowMs: number): void {
    const { part, times, dueMs, sender } = this.#message(number);
    const before = times[socket] ?? 0;
    times[socket] = before + 1;
    if (socket === sender) part.echoed += 1;
    else if (before > 0) part.doubled += 1;
    else {
      part.arrived += 1;
      const latencies = instanceOf(sender) === instanceOf(socket) ? part.nearMs : part.farMs;
      latencies.push(nowMs - dueMs);
    }
  }

  #message(number: number): Message {
    const message = this.#messages[number];
    if (message === undefined) throw new Error(`message ${number} was never sent`);
    return message;
  }
}

function newPart(): Part {
  const nothing = { messages: 0, refused: 0, due: 0, arrived: 0, doubled: 0, echoed: 0 };
  return { ...nothing, nearMs: [], farMs: [] };
}
