import type { StorageContext } from '../../src/context.ts';
import type { TestStorage } from '../storage-client.ts';

/** What the tests of the contract use: a service, and a look into its object store. */
export interface ContractScene {
  readonly storage: TestStorage;
  /** Of a process beside the service. */
  readonly context: StorageContext;
  /** What the service takes for the time, in milliseconds since the epoch. */
  nowMs: number;
  /** The names of all objects. */
  stored(): Promise<string[]>;
}
