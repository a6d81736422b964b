import { connect, type Socket } from 'node:net';

/** A stretch of time in milliseconds; `endMs` may be Infinity. */
export interface Span {
  readonly beginMs: number;
  readonly endMs: number;
}

/** When Redis took long to answer, or was not asked. */
export interface SlowSpan extends Span {
  /** Whether this process came too late to ask, whatever Redis did. */
  readonly isLate: boolean;
  /** What of it this process has worked by itself; the rest it waited, for Redis or the machine. */
  readonly workedMs: number;
}

interface Question {
  readonly askedMs: number;
  readonly workedMs: number;
}

const everyMs = 25;
/** Well below the time that a command is given (150 ms). */
const slowMs = 75;

/**
 * Asks Redis itself again and again, past the services and the proxy, and notes when it took long to
 * answer, or when this process was too busy to ask: services, proxy and users share it. Then a
 * command may time out anywhere.
 */
export class RedisWatch implements Disposable {
  readonly #port: number;
  readonly #now: () => number;
  readonly #slow: SlowSpan[];
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | undefined;
  /** When the questions that have no answer yet were asked. */
  #asked: Question[] = [];
  #lastAsked: Question;
  #waiting: (() => void)[] = [];

  /** @param slow takes the spans */
  constructor(port: number, now: () => number, slow: SlowSpan[]) {
    this.#port = port;
    this.#now = now;
    this.#slow = slow;
    this.#lastAsked = this.#question();
    this.#timer = setInterval(() => this.#ask(), everyMs);
  }

  /** Resolves when a question that is asked from now on has its answer: all before is noted then. */
  answered(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#ask();
    });
  }

  /** How long Redis was not normal within a span, in milliseconds. */
  slowMsWithin(fromMs: number, untilMs: number): number {
    return this.#slow
      .filter(({ beginMs, endMs }) => beginMs <= untilMs && fromMs <= endMs)
      .reduce((sum, { beginMs, endMs }) => sum + (endMs - beginMs), 0);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }

  #ask(): void {
    const question = this.#question();
    this.#note(this.#lastAsked, everyMs + slowMs, true);
    this.#lastAsked = question;
    this.#socket ??= this.#connect();
    this.#asked.push(question);
    this.#socket.write('PING\r\n');
  }

  #connect(): Socket {
    const socket = connect(this.#port, '127.0.0.1');
    socket.on('data', (data) => {
      for (const _ of data.toString().matchAll(/\+PONG/g)) this.#note(this.#asked.shift());
      if (this.#asked.length > 0) return;
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
    // Pending probes were not answered; the next probe opens a new connection.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const question of this.#asked.splice(0)) this.#note(question, 0);
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }

  #question(): Question {
    return { askedMs: this.#now(), workedMs: workedMs() };
  }

  #note(question: Question | undefined, longerThanMs = slowMs, isLate = false): void {
    const endMs = this.#now();
    if (question === undefined || endMs - question.askedMs <= longerThanMs) return;
    const { askedMs: beginMs } = question;
    this.#slow.push({ beginMs, endMs, isLate, workedMs: workedMs() - question.workedMs });
  }
}

/** The processor time of this thread. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
