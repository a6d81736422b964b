import { Cluster, Command, type Redis } from 'ioredis';
import { type Masters, mastersOf } from '../redis/cluster-view.ts';
import { commandTimeoutMs } from './client-options.ts';
import { markRejection } from './command-errors.ts';
import { rejectLater } from './patient-redis.ts';
import { TimeoutsByNode } from './timeouts-by-node.ts';

/** The reachable `host:port` of a node. */
export type NodeName = string;

/** The target of a keyless command: the master of this slot. */
interface Target {
  readonly slot: number;
  readonly redis: Redis | undefined;
}

/** Called with a silent master and its last error. */
type SilenceListener = (master: NodeName, error: Error) => void;

/**
 * A client of a cluster with the guarantees of `PatientRedis`: a command is answered within the
 * time-out or rejects, whatever redirections it takes. It also detects a silent master while other
 * masters answer.
 */
export class PatientCluster extends Cluster {
  readonly #timeouts = new TimeoutsByNode();
  #onSilent: SilenceListener = () => undefined;

  /** Called when a master has not answered several consecutive commands. */
  onSilent(listener: SilenceListener): void {
    this.#onSilent = listener;
  }

  override sendCommand(...[command, stream, target]: Parameters<Cluster['sendCommand']>): unknown {
    markRejection(command);
    rejectLater(command, commandTimeoutMs);
    // The time-out covers all redirections; a node would restart it.
    command.setTimeout = () => undefined;
    const slot: unknown = target?.slot ?? command.getSlot();
    const master = typeof slot === 'number' ? this.masterOf(slot) : undefined;
    const sent = super.sendCommand(command, stream, target);
    if (master !== undefined) this.#count(command, master);
    return sent;
  }

  /** The name of the master that serves a slot, if known. */
  masterOf(slot: number): NodeName | undefined {
    return this.slots[slot]?.[0];
  }

  /** Whether a node is known to serve slots. */
  isMaster(node: NodeName): boolean {
    return this.slots.some((nodes) => nodes?.[0] === node);
  }

  /** The masters and the first slot of each. */
  masters(): Masters {
    return mastersOf(this);
  }

  /** The connection to a node; undefined if there is none. */
  connectionTo(node: NodeName): Redis | undefined {
    return this.nodes().find((redis) => nameOfNode(redis) === node);
  }

  /** Sends a keyless command to the master of a slot. */
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
