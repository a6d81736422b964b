import type { Cluster } from './cluster.ts';
import type { History } from './history.ts';

/** What the people of a chaos run are made with. */
export interface CrowdOptions {
  readonly seed: string;
  readonly cluster: Cluster;
  readonly history: History;
  readonly now: () => number;
}
