import { Cluster, Command, type Redis } from 'ioredis';
import { commandTimeoutMs } from './client-options.ts';
import { markRejection } from './command-errors.ts';
import { rejectLater } from './patient-redis.ts';
import { TimeoutsByNode } from './timeouts-by-node.ts';

/** `host:port` of a node, as it is reached from here. */
export type NodeName = string;

/** Where a keyless command goes: the master of this slot. */
interface Target {
  readonly slot: number;
  readonly redis: Redis | undefined;
}

/** Told of a master, and of what its last command was rejected with. */
type SilenceListener = (master: NodeName, error: Error) => void;

const slotCount = 16_384;

/**
 * A client of a cluster that keeps the promises of `PatientRedis`: a command is answered within the
 * time-out or rejects, whichever nodes it was sent on to in the meantime. It also knows which master
 * leaves commands without an answer: others answer meanwhile, so that the process as a whole seems to
 * be heard.
 */
export class PatientCluster extends Cluster {
  readonly #timeouts = new TimeoutsByNode();
  #onSilent: SilenceListener = () => undefined;

  /** Told when a master has left several commands in a row without an answer. */
  onSilent(listener: SilenceListener): void {
    this.#onSilent = listener;
  }

  override sendCommand(...[command, stream, target]: Parameters<Cluster['sendCommand']>): unknown {
    markRejection(command);
    rejectLater(command, commandTimeoutMs);
    // The one above is for all of its way; a node would begin to count anew.
    command.setTimeout = () => undefined;
    const slot: unknown = target?.slot ?? command.getSlot();
    const master = typeof slot === 'number' ? this.masterOf(slot) : undefined;
    const sent = super.sendCommand(command, stream, target);
    if (master !== undefined) this.#count(command, master);
    return sent;
  }

  /** The name of the master that serves a slot, as far as is known. */
  masterOf(slot: number): NodeName | undefined {
    return this.slots[slot]?.[0];
  }

  /** Whether a node serves slots, as far as is known. */
  isMaster(node: NodeName): boolean {
    return this.slots.some((nodes) => nodes?.[0] === node);
  }

  /** The masters and the first slot of each; `uncovered` counts slots that no node serves. */
  masters(): { readonly firstSlots: ReadonlyMap<NodeName, number>; readonly uncovered: number } {
    const firstSlots = new Map<NodeName, number>();
    let uncovered = 0;
    let last: NodeName | undefined;
    for (let slot = 0; slot < slotCount; slot += 1) {
      const master = this.masterOf(slot);
      if (master === undefined) uncovered += 1;
      else if (master !== last && !firstSlots.has(master)) firstSlots.set(master, slot);
      last = master;
    }
    return { firstSlots, uncovered };
  }

  /** The connection to a node; undefined where there is none now. */
  connectionTo(node: NodeName): Redis | undefined {
    return this.nodes().find((redis) => nameOfNode(redis) === node);
  }

  /** Sends a command that has no key to the master of a slot. */
  ask(slot: number, name: string, ...values: string[]): Promise<unknown> {
    const command = new Command(name, values, { replyEncoding: 'utf8' });
    const master = this.masterOf(slot);
    const redis = master === undefined ? undefined : this.connectionTo(master);
    const target: Target = { slot, redis };
    this.sendCommand(command, undefined, target);
    return command.promise;
  }

  #count({ promise }: Command, master: NodeName): void {
    promise.then(
      () => this.#timeouts.answered(master),
      (error: Error) => {
        if (error.message !== 'Command timed out') return;
        if (this.#timeouts.isSilent(master)) this.#onSilent(master, error);
      },
    );
  }
}

export function nameOfNode({ options }: Redis): NodeName {
  return `${options.host}:${options.port}`;
}

export function addressOfNode(node: NodeName): { host: string; port: number } {
  const colon = node.lastIndexOf(':');
  return { host: node.slice(0, colon), port: Number(node.slice(colon + 1)) };
}
