import type { Socket } from 'node:net';
import type { FaultMode } from './fault-mode.ts';

interface Delayed {
  readonly bytes: Buffer;
  readonly dueAt: number;
}

/** Maximum delayed bytes; beyond it, reading from the server pauses until they are delivered. */
const maxDelayedBytes = 1024 * 1024;

/** Delivers replies to a client, as the mode demands. */
export class ReplyGate {
  readonly #client: Socket;
  readonly #delayed: Delayed[] = [];
  #delayedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #silent = false;
  #ended = false;
  readonly #onRoom: () => void;

  /** @param onRoom called when a full gate has delivered something */
  constructor(client: Socket, onRoom: () => void) {
    this.#client = client;
    this.#onRoom = onRoom;
    client.on('drain', onRoom);
  }

  /** Whether the client has lost bytes, so that its stream is broken. */
  get hasLost(): boolean {
    return this.#silent;
  }

  /** Whether reading from the server must pause. */
  get isFull(): boolean {
    return this.#delayedBytes > maxDelayedBytes || this.#client.writableNeedDrain;
  }

  /** @param firstReplyBytes the length of the first reply in `bytes` */
  deliver(bytes: Buffer, firstReplyBytes: number, mode: FaultMode): void {
    if (bytes.length === 0 || this.#silent) return;
    switch (mode.kind) {
      case 'blackHole':
        this.#silent = true;
        return;
      case 'halfReply':
        this.#silent = true;
        this.#client.write(half(bytes, firstReplyBytes));
        return;
      case 'resetMidReply':
        this.#silent = true;
        // A reset at once could overtake the bytes.
        this.#client.write(half(bytes, firstReplyBytes), () => this.#client.resetAndDestroy());
        return;
      case 'slow':
        this.#delay(bytes, mode.delayMs);
        return;
      default:
        if (this.#delayed.length > 0) this.#delay(bytes, 0);
        else this.#client.write(bytes);
    }
  }

  /** Delivers delayed bytes at once, after a change of the mode. */
  flush(): void {
    clearTimeout(this.#timer);
    for (const { bytes } of this.#delayed.splice(0)) this.#client.write(bytes);
    this.#delayedBytes = 0;
    if (this.#ended) this.#client.end();
    this.#onRoom();
  }

  /** Ends the client's connection after the last reply. */
  end(): void {
    this.#ended = true;
    if (this.#delayed.length === 0) this.#client.end();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#delayed.length = 0;
  }

  #delay(bytes: Buffer, delayMs: number): void {
    const last = this.#delayed.at(-1)?.dueAt ?? 0;
    this.#delayed.push({ bytes, dueAt: Math.max(last, performance.now() + delayMs) });
    this.#delayedBytes += bytes.length;
    if (this.#delayed.length === 1) this.#wake();
  }

  #wake(): void {
    const [next] = this.#delayed;
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.#deliverDue(), next.dueAt - performance.now());
  }

  #deliverDue(): void {
    // Timers may be a millisecond early.
    const now = performance.now() + 1;
    for (let next = this.#delayed[0]; next && next.dueAt <= now; next = this.#delayed[0]) {
      this.#delayed.shift();
      this.#delayedBytes -= next.bytes.length;
      this.#client.write(next.bytes);
    }
    if (this.#delayed.length > 0) this.#wake();
    else if (this.#ended) this.#client.end();
    this.#onRoom();
  }
}

function half(bytes: Buffer, firstReplyBytes: number): Buffer {
  return bytes.subarray(0, Math.floor(Math.max(2, firstReplyBytes) / 2));
}
