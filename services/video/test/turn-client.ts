import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TurnCredential } from '../src/turn/turn-credentials.ts';
import {
  type Attribute,
  attributes,
  decode,
  decodeAddress,
  encode,
  encodeAddress,
  families,
  type StunMessage,
  types,
} from './stun-message.ts';

export interface Address {
  readonly ip: string;
  readonly port: number;
}

const udp = Buffer.from([17, 0, 0, 0]);

// RFC 8489, section 6.2.1: a request is sent again when half a second has passed, then after twice
// as long each time, as UDP loses datagrams, on a busy machine its loopback too.
const firstRetransmissionMs = 500;
const answerTimeoutMs = 15_000;

/** Asks for an allocation, as a browser does for each of its ICE transports. */
export class TurnClient implements AsyncDisposable {
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;
  readonly #credential: TurnCredential;
  readonly #waiting = new Map<string, (message: StunMessage) => void>();
  readonly #received: string[] = [];
  #challenge = { realm: '', nonce: '' };

  constructor(port: number, credential: TurnCredential) {
    this.#port = port;
    this.#credential = credential;
    this.#socket.on('message', (bytes) => this.#take(decode(bytes)));
  }

  /** Texts that peers have sent through the relay. */
  get received(): readonly string[] {
    return this.#received;
  }

  /** The relayed address, or the code of the error. */
  async allocate(): Promise<Address | number> {
    const answer = await this.#allocate([]);
    const relayed = answer.attributes.get(attributes.relayed);
    return relayed === undefined ? errorCode(answer) : decodeAddress(relayed);
  }

  /** Asks for an address of IPv6. Returns the code of the error, or 0. */
  async allocateIpv6(): Promise<number> {
    const family = Buffer.from([families.ipv6, 0, 0, 0]);
    return errorCode(await this.#allocate([[attributes.addressFamily, family]]));
  }

  async #allocate(more: readonly Attribute[]): Promise<StunMessage> {
    const content: readonly Attribute[] = [[attributes.transport, udp], ...more];
    const challenge = await this.#ask(types.allocate, content, false);
    this.#challenge = {
      realm: text(challenge, attributes.realm),
      nonce: text(challenge, attributes.nonce),
    };
    return this.#ask(types.allocate, content, true);
  }

  /** Lets a peer send here, and this client to it. Returns the code of the error, or 0. */
  async permit({ ip, port }: Address): Promise<number> {
    const peer: Attribute = [attributes.peer, encodeAddress(ip, port)];
    return errorCode(await this.#ask(types.createPermission, [peer], true));
  }

  /** Sends a text to a peer through the relay; it may be lost, as UDP is. */
  send({ ip, port }: Address, message: string): void {
    const { bytes } = encode(types.send, [
      [attributes.peer, encodeAddress(ip, port)],
      [attributes.data, Buffer.from(message)],
    ]);
    this.#socket.send(bytes, this.#port, '127.0.0.1');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  async #ask(type: number, content: readonly Attribute[], sign: boolean): Promise<StunMessage> {
    const credential = { ...this.#credential, ...this.#challenge };
    const { bytes, transaction } = encode(type, content, sign ? credential : undefined);
    const { promise, resolve, reject } = Promise.withResolvers<StunMessage>();
    this.#waiting.set(transaction, resolve);
    const late = () => reject(new Error(`no answer within ${answerTimeoutMs / 1000} s`));
    const timer = setTimeout(late, answerTimeoutMs);
    let retransmission: NodeJS.Timeout | undefined;
    const sendAndAgainIn = (delayMs: number): void => {
      this.#socket.send(bytes, this.#port, '127.0.0.1');
      retransmission = setTimeout(sendAndAgainIn, delayMs, 2 * delayMs);
    };
    try {
      sendAndAgainIn(firstRetransmissionMs);
      return await promise;
    } finally {
      clearTimeout(timer);
      clearTimeout(retransmission);
      this.#waiting.delete(transaction);
    }
  }

  #take(message: StunMessage): void {
    if (message.type === types.data) this.#received.push(text(message, attributes.data));
    else this.#waiting.get(message.transaction)?.(message);
  }
}

function text(message: StunMessage, attribute: number): string {
  return message.attributes.get(attribute)?.toString() ?? '';
}

function errorCode({ attributes: found }: StunMessage): number {
  const value = found.get(attributes.errorCode);
  return value === undefined ? 0 : value.readUInt8(2) * 100 + value.readUInt8(3);
}
