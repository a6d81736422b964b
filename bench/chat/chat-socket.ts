import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Place, Protocol } from './protocols/protocol.ts';

/** One socket of the load, in one room of one instance. */
export class ChatSocket {
  readonly #webSocket: WebSocket;
  readonly #protocol: Protocol;
  readonly #place: Place;
  readonly #onMessage: (number: number) => void;
  readonly #entered = Promise.withResolvers<void>();
  /** What was said and not answered yet, by id. */
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #lastId = 0;

  private constructor(protocol: Protocol, place: Place, onMessage: (number: number) => void) {
    this.#protocol = protocol;
    this.#place = place;
    this.#onMessage = onMessage;
    this.#webSocket = new WebSocket(protocol.address(place), protocol.subprotocol ?? [], {
      perMessageDeflate: false,
      headers: place.token === '' ? {} : { authorization: `Bearer ${place.token}` },
    });
    const { greeting } = protocol;
    if (greeting !== undefined) this.#webSocket.on('open', () => this.#webSocket.send(greeting));
    this.#webSocket.on('message', (data) => this.#received(String(data)));
    this.#webSocket.on('error', (error) => this.#end(error));
    this.#webSocket.on('close', (code) => this.#end(new Error(`closed with ${code}`)));
  }

  /** Resolves when it hears its room. `onMessage` is told of each message of others. */
  static async open(
    protocol: Protocol,
    place: Place,
    onMessage: (number: number) => void,
  ): Promise<ChatSocket> {
    const socket = new ChatSocket(protocol, place, onMessage);
    if (protocol.entersAtOnce) await once(socket.#webSocket, 'open');
    else await socket.#entered.promise;
    return socket;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === WebSocket.OPEN;
  }

  /** Resolves when the server has taken it; rejects where it does not, or the socket closes. */
  async say(content: string): Promise<void> {
    if (!this.isOpen) throw new Error('the socket is closed');
    this.#lastId += 1;
    const answer = Promise.withResolvers<void>();
    this.#waiting.set(this.#lastId, answer);
    this.#webSocket.send(this.#protocol.say(this.#place.room, this.#lastId, content));
    await answer.promise;
  }

  #received(text: string): void {
    const received = this.#protocol.read(text, this.#place);
    if (received.kind === 'message') this.#onMessage(received.number);
    else if (received.kind === 'acknowledgement') {
      this.#waiting.get(received.id)?.resolve();
      this.#waiting.delete(received.id);
    } else if (received.kind === 'question') this.#webSocket.send(received.answer);
    else if (received.kind === 'entered') this.#entered.resolve();
    else if (received.kind === 'refusal') this.#refuse(new Error(received.reason));
  }

  #end(error: Error): void {
    // Where nobody waits for it to enter, this is no failure of its own.
    this.#entered.promise.catch(() => undefined);
    this.#entered.reject(error);
    this.#refuse(error);
  }

  /** A refusal may not say of what it is one: all that waits is answered with it. */
  #refuse(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
