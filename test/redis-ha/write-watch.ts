import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { numbers, type PodNumber, type Pods, redis } from './pods.ts';

const betweenRoundsMs = 20;
const answerMs = 500;

/** Tries to write to every server at the same time, over and over. */
export class WriteWatch implements AsyncDisposable {
  readonly #writers: readonly Writer[];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  /** Rounds in which more than one server took the write. */
  readonly twoMasters: PodNumber[][] = [];
  rounds = 0;
  /** Who took the last write that anybody took. */
  lastTaker: PodNumber | undefined;

  constructor(pods: Pods) {
    this.#writers = numbers.map((number) => new Writer(pods, number));
    this.#done = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const answers = await Promise.all(this.#writers.map((writer) => writer.write()));
      const takers = numbers.filter((number) => answers[number] === '+OK');
      this.rounds += 1;
      if (takers.length > 1) this.twoMasters.push(takers);
      if (takers.length > 0) this.lastTaker = takers[0];
      await delay(betweenRoundsMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
    for (const writer of this.#writers) writer.close();
  }
}

/** One connection, opened again after any fault; a plain socket, so that nothing is retried. */
class Writer {
  readonly #pods: Pods;
  readonly #number: PodNumber;
  #socket: Socket | undefined;

  constructor(pods: Pods, number: PodNumber) {
    this.#pods = pods;
    this.#number = number;
  }

  /** The server's answer to one SET; undefined where there is none. */
  async write(): Promise<string | undefined> {
    if (this.#socket === undefined || this.#socket.destroyed) {
      this.#socket = this.#connect();
      if ((await this.#answerTo(this.#socket, `AUTH ${this.#pods.password}`)) === undefined) return;
    }
    return this.#answerTo(this.#socket, 'SET watched 1');
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const { host, port } = this.#pods.address(redis(this.#number));
    const socket = connect({ host, port });
    socket.on('error', () => undefined); // it closes, which is the answer
    return socket;
  }

  async #answerTo(socket: Socket, command: string): Promise<string | undefined> {
    const answer = await new Promise<string | undefined>((resolve) => {
      const settle = (data?: Buffer): void => {
        clearTimeout(timer);
        socket.off('data', settle).off('close', none);
        resolve(data?.toString().trim());
      };
      const none = (): void => settle();
      const timer = setTimeout(none, answerMs);
      socket.on('data', settle).on('close', none);
      socket.write(`${command}\r\n`);
    });
    // What comes too late would be taken for the answer to the next.
    if (answer === undefined) this.close();
    return answer;
  }
}
