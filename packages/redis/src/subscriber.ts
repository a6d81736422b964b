import type { Command, Redis } from 'ioredis';
import type { SentinelAddress, SingleAddress } from './address.ts';
import { clientOptions } from './client-options.ts';
import { PatientRedis } from './patient-redis.ts';

type Kind = 'subscribe' | 'psubscribe';

/**
 * A connection for pub/sub that knows what it is subscribed to over any number of reconnects. (The
 * client's own memory loses what it could not subscribe to again at the first attempt.) Unsubscribe
 * by name: to give up everything without a name, ioredis waits for a reply that may not come.
 */
export class Subscriber extends PatientRedis {
  readonly #wanted: Readonly<Record<Kind, Set<string>>> = {
    subscribe: new Set(),
    psubscribe: new Set(),
  };

  /** Opens a client that connects on `connect()`. */
  static of(address: SingleAddress | SentinelAddress): Subscriber {
    return new Subscriber(clientOptions(address));
  }

  /** Every command passes here. */
  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    const names = command.args.map(String);
    if (command.name === 'unsubscribe') this.#forget('subscribe', names);
    if (command.name === 'punsubscribe') this.#forget('psubscribe', names);
    const sent = super.sendCommand(command, stream);
    if (command.name === 'subscribe' || command.name === 'psubscribe') {
      const wanted = this.#wanted[command.name];
      command.promise.then(
        () => {
          for (const name of names) wanted.add(name);
        },
        // Whoever asked is told, and asks again if it matters still.
        () => undefined,
      );
    }
    return sent;
  }

  /** Subscribes again to everything; rejects unless all of it is in place. */
  async subscribeAgain(): Promise<void> {
    const { subscribe, psubscribe } = this.#wanted;
    if (subscribe.size > 0) await this.subscribe(...subscribe);
    if (psubscribe.size > 0) await this.psubscribe(...psubscribe);
    if (subscribe.size === 0 && psubscribe.size === 0) await this.ping();
  }

  #forget(kind: Kind, names: readonly string[]): void {
    if (names.length === 0) this.#wanted[kind].clear();
    for (const name of names) this.#wanted[kind].delete(name);
  }
}
