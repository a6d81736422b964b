import { EventEmitter } from 'node:events';
import { CannotServe, type ClusterAddress } from '@secureconnect/degraded-mode/ioredis';
import {
  addressOfNode,
  disconnect,
  firstConnect,
  NodeFailure,
  type NodeName,
  nodeOptions,
  type PatientCluster,
  PatientRedis,
  readErrorReply,
  slotOf,
  watchConnection,
} from '@secureconnect/degraded-mode/ioredis/parts';
import { keepAlive } from './keep-alive.ts';
import type { ChannelSubscriber, LinkOptions } from './link.ts';

interface Listening {
  readonly client: PatientRedis;
  readonly letGo: () => void;
}

const lookMs = 1000;
/** The maximum time for a channel to move with its slot to a different master. */
const maxDisplacedMs = 2000;

/**
 * Sharded pub/sub: a connection to each master, and each channel at the master of its slot. Its
 * subscriptions survive reconnects, failovers and moved slots. It replaces the group of ioredis,
 * which never confirms a subscription, and reconnects to a down master without a pause.
 */
export class ShardedSubscriber
  extends EventEmitter<{ message: [channel: string, text: string] }>
  implements ChannelSubscriber
{
  readonly #address: ClusterAddress;
  readonly #cluster: PatientCluster;
  readonly #options: LinkOptions;
  readonly #listening = new Map<NodeName, Listening>();
  readonly #wanted = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #displacedSince: number | undefined;
  #isFollowing = false;
  #isClosed = false;

  constructor(address: ClusterAddress, cluster: PatientCluster, options: LinkOptions) {
    super();
    this.#address = address;
    this.#cluster = cluster;
    this.#options = options;
    const follow = (): void => void this.#follow();
    cluster.on('refresh', follow);
    this.#timer = setInterval(follow, lookMs);
    this.#timer.unref();
  }

  /** The connections that are open now. */
  connections(): readonly PatientRedis[] {
    return [...this.#listening.values()].map(({ client }) => client);
  }

  /** Connects to every master. Resolves when that succeeded or failed. */
  connect(): Promise<void> {
    return this.#followMasters();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#listening.keys()].map((master) => this.#leave(master)));
  }

  async ping(): Promise<void> {
    const { firstSlots } = this.#cluster.masters();
    await Promise.all([...firstSlots.keys()].map(async (master) => this.#at(master).ping()));
  }

  async subscribe(...channels: string[]): Promise<void> {
    await this.#inSlots(channels, async (client, together) => {
      await client.ssubscribe(...together);
      for (const channel of together) this.#wanted.add(channel);
    });
  }

  /** Subscribes again; a channel that was given up in the meantime is not wanted again by this. */
  async #renew(channels: Iterable<string>): Promise<void> {
    await this.#inSlots([...channels], (client, together) => client.ssubscribe(...together));
  }

  async unsubscribe(...channels: string[]): Promise<void> {
    for (const channel of channels) this.#wanted.delete(channel);
    await this.#inSlots(channels, async (client, together) => {
      try {
        await client.sunsubscribe(...together);
      } catch (error) {
        // A server that no longer has a slot has already dropped its subscriptions.
        if (!isMoved(error)) throw error;
        this.#cluster.refreshSlotsCache();
      }
    });
  }

  /** Renews all subscriptions at the current masters; rejects unless all are confirmed. */
  async subscribeAgain(): Promise<void> {
    await this.#followMasters();
    await this.#renew(this.#wanted);
  }

  /** One command can name channels of one slot. */
  async #inSlots(
    channels: readonly string[],
    tell: (client: PatientRedis, together: readonly string[]) => Promise<unknown>,
  ): Promise<void> {
    const bySlot = Map.groupBy(channels, (channel) => slotOf(channel));
    await Promise.all(
      [...bySlot].map(async ([slot, together]) => {
        const master = this.#cluster.masterOf(slot);
        if (master === undefined) throw new CannotServe('CLUSTERDOWN ssubscribe');
        await tell(this.#at(master), together);
      }),
    );
  }

  #at(master: NodeName): PatientRedis {
    if (this.#isClosed) throw new CannotServe('closed');
    return this.#listening.get(master)?.client ?? this.#open(master);
  }

  #open(master: NodeName): PatientRedis {
    const client = new PatientRedis({ ...nodeOptions(this.#address), ...addressOfNode(master) });
    const { onFailure, onReady } = this.#options;
    const told = (cause: unknown): void => onFailure(new NodeFailure(master, cause));
    const isMove = (error: Error) => this.#isMove(client, error);
    watchConnection(client, { onFailure: told, onReady }, isMove);
    client.on('moved', () => this.#cluster.refreshSlotsCache());
    client.on('smessage', (channel: string, text: string) => this.emit('message', channel, text));
    this.#listening.set(master, { client, letGo: keepAlive(client) });
    return client;
  }

  /**
   * A server drops the subscriptions of a slot that moves away. ioredis takes that message for a
   * reply, and then mismatches later replies.
   */
  #isMove(client: PatientRedis, { message }: Error): boolean {
    if (!message.startsWith('Command queue state error')) return false;
    if (message.includes('Last reply: sunsubscribe,')) this.#cluster.refreshSlotsCache();
    else client.disconnect(true);
    return true;
  }

  async #leave(master: NodeName): Promise<void> {
    const listening = this.#listening.get(master);
    if (listening === undefined) return;
    this.#listening.delete(master);
    listening.letGo();
    for (const event of ['error', 'close', 'ready']) listening.client.removeAllListeners(event);
    listening.client.on('error', () => undefined); // of a master that is none any more
    await disconnect(listening.client);
  }

  async #followMasters(): Promise<void> {
    if (this.#isClosed) return;
    const { firstSlots } = this.#cluster.masters();
    const former = [...this.#listening.keys()].filter((master) => !firstSlots.has(master));
    await Promise.all(former.map((master) => this.#leave(master)));
    if (this.#isClosed) return;
    await Promise.all([...firstSlots.keys()].map((master) => firstConnect(this.#at(master))));
  }

  /** Moves displaced subscriptions after slots have moved or a replica was promoted. */
  async #follow(): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    try {
      await this.#followMasters();
      await this.#putInPlace();
    } finally {
      this.#isFollowing = false;
    }
  }

  async #putInPlace(): Promise<void> {
    const displaced = this.#displaced();
    if (displaced.length === 0) {
      this.#displacedSince = undefined;
      return;
    }
    this.#displacedSince ??= performance.now();
    try {
      await this.#renew(displaced);
    } catch (error) {
      // Only the new master knows for sure that it has the slot; the others may lag.
      const isLate = performance.now() - this.#displacedSince > maxDisplacedMs;
      if (isLate) this.#options.onFailure(error);
      else this.#cluster.refreshSlotsCache();
    }
  }

  /** Wanted channels without a confirmed subscription. */
  #displaced(): readonly string[] {
    const inPlace = new Map<NodeName, ReadonlySet<string>>();
    for (const [master, { client }] of this.#listening) {
      const set = client.status === 'ready' ? client.condition?.subscriber : undefined;
      inPlace.set(master, new Set(set ? set.channels('ssubscribe') : []));
    }
    return [...this.#wanted].filter((channel) => {
      const master = this.#cluster.masterOf(slotOf(channel));
      return master === undefined || inPlace.get(master)?.has(channel) !== true;
    });
  }
}

function isMoved(error: unknown): boolean {
  return error instanceof Error && readErrorReply(error.message).code === 'MOVED';
}
