import { connect, type Socket } from 'node:net';
import { CommandReader, type SentCommand } from './command-reader.ts';
import { errorReplyTo } from './error-replies.ts';
import type { FaultMode } from './fault-mode.ts';
import { ReplyGate } from './reply-gate.ts';
import { ReplyScanner } from './reply-scanner.ts';

/** The error with which a mode answers a command; undefined if the server answers it. */
function errorOf(mode: FaultMode, command: string): Buffer | undefined {
  if (mode.kind === 'refusing') return errorReplyTo(mode.state, command);
  if (mode.kind !== 'answering' || !mode.to(command)) return undefined;
  return Buffer.from(`-${mode.error}\r\n`);
}

/** A reply that the client waits for: the server's, or an error from here. */
type Awaited = 'of the server' | Buffer;

const maxAwaited = 100_000;
const oneReplyEach = /^[ps]?(un)?subscribe$/;

/** A client, its connection to the server, and the effect of the mode on both. */
export class FaultConnection {
  readonly #client: Socket;
  readonly #server: Socket | undefined;
  readonly #gate: ReplyGate;
  readonly #commands = new CommandReader();
  readonly #replies = new ReplyScanner();
  readonly #awaited: Awaited[] = [];
  #mode: FaultMode;
  #requestBytesLost = 0;

  constructor(client: Socket, serverPort: number, mode: FaultMode) {
    this.#client = client;
    this.#mode = mode;
    this.#gate = new ReplyGate(client, () => this.#server?.resume());
    client.setNoDelay(true);
    client.on('error', () => client.destroy()); // a client may disconnect at any time
    client.on('data', (chunk) => this.#orReset(() => this.#fromClient(chunk)));
    client.once('close', () => this.#clientLeft());
    if (mode.kind !== 'blackHole') this.#server = this.#connect(serverPort);
  }

  /** Bytes that the client sent into a black hole. */
  get requestBytesLost(): number {
    return this.#requestBytesLost;
  }

  setMode(mode: FaultMode): void {
    const hasLost = this.#requestBytesLost > 0 || this.#gate.hasLost || this.#server === undefined;
    this.#mode = mode;
    if (mode.kind === 'refused' || hasLost) this.reset();
    else this.#gate.flush();
  }

  reset(): void {
    this.#client.resetAndDestroy();
  }

  #connect(port: number): Socket {
    const server = connect({ port, host: '127.0.0.1', noDelay: true });
    server.on('data', (chunk) => this.#orReset(() => this.#fromServer(chunk)));
    server.on('drain', () => this.#client.resume());
    // The client must see a broken connection, not a graceful end.
    server.on('error', () => this.reset());
    server.once('close', () => this.#gate.end());
    return server;
  }

  #clientLeft(): void {
    this.#gate.destroy();
    this.#server?.destroy();
  }

  #orReset(step: () => void): void {
    try {
      step();
    } catch {
      this.reset(); // bytes that are not the Redis protocol
    }
  }

  #fromClient(chunk: Buffer): void {
    if (this.#mode.kind === 'blackHole') {
      this.#requestBytesLost += chunk.length;
      return;
    }
    for (const command of this.#commands.push(chunk)) this.#handle(command);
    if (this.#awaited.length > maxAwaited) this.reset();
  }

  #handle(command: SentCommand): void {
    const error = command.name === '' ? undefined : errorOf(this.#mode, command.name);
    if (error !== undefined) {
      this.#awaited.push(error);
      this.#giveErrors();
      return;
    }
    // Each name to subscribe to or unsubscribe from has its own reply.
    const replies = oneReplyEach.test(command.name) ? Math.max(1, command.words - 1) : 1;
    const expected = command.name === '' ? 0 : replies;
    for (let reply = 0; reply < expected; reply += 1) this.#awaited.push('of the server');
    if (this.#server?.write(command.bytes) === false) this.#client.pause();
  }

  #fromServer(chunk: Buffer): void {
    let from = 0;
    const ends = this.#replies.push(chunk);
    const [first] = ends;
    for (const { offset, isMessage } of ends) {
      if (!isMessage) this.#awaited.shift();
      if (typeof this.#awaited[0] !== 'object') continue;
      this.#deliver(chunk.subarray(from, offset), (first?.offset ?? offset) - from);
      from = offset;
      this.#giveErrors();
    }
    const rest = chunk.subarray(from);
    this.#deliver(rest, from === 0 ? (first?.offset ?? rest.length) : rest.length);
    if (this.#gate.isFull) this.#server?.pause();
  }

  /** In the order of the commands. */
  #giveErrors(): void {
    for (let next = this.#awaited[0]; typeof next === 'object'; next = this.#awaited[0]) {
      this.#awaited.shift();
      this.#deliver(next, next.length);
    }
  }

  #deliver(bytes: Buffer, firstReplyBytes: number): void {
    this.#gate.deliver(bytes, firstReplyBytes, this.#mode);
  }
}
