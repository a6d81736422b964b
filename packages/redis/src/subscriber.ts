import type { SentinelAddress, SingleAddress } from '@secureconnect/degraded-mode/ioredis';
import { clientOptions, PatientRedis } from '@secureconnect/degraded-mode/ioredis/parts';
import type { Command, Redis } from 'ioredis';

type Kind = 'subscribe' | 'psubscribe';

/**
 * A connection for pub/sub whose subscriptions survive any number of reconnects. (ioredis itself
 * loses those that it could not renew at the first attempt.) Always unsubscribe by name: without a
 * name, ioredis waits for a reply that may not come.
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

  /** Sees every command. */
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
        // The caller gets the error, and may retry.
        () => undefined,
      );
    }
    return sent;
  }

  /** Renews all subscriptions; rejects unless all are confirmed. */
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
