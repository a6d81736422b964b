import type { Stack } from '../support/stack.ts';
import type { TableRow } from './tables.ts';

/** A way for a dependency other than Redis to fail, by its name; known before anything is started. */
export interface DependencyFault {
  /** As rows name it. */
  readonly dependency: string;
  readonly name: string;
  /**
   * What becomes of requests, if they reach the dependency and get no reply of it. It counts as up
   * then. Absent if it cannot be reached, or refuses.
   */
  readonly reached?: ReachedOutcome;
}

/** What is right for a request that reached a dependency which gave no reply. */
export interface ReachedOutcome {
  readonly status: 502 | 504;
  /** In the body. */
  readonly code: string;
  /** How often it has happened. */
  readonly happens: 0 | 1;
}

/** What makes a fault of a started stack, and ends it. */
export interface FaultSwitch {
  begin(stack: Stack): Promise<void>;
  end(stack: Stack): Promise<void>;
}

/** A started stack whose dependencies can fail. */
export interface OpenedScene {
  readonly stack: Stack;
  /** By the names of the faults. */
  readonly switches: Readonly<Record<string, FaultSwitch>>;
  /** Writes to SQL what is stored elsewhere: effects are counted there. */
  readonly mirror?: () => Promise<void>;
}

/** A stack whose dependencies can fail. */
export interface DependencyScene {
  /** In the order in which they are run. */
  readonly faults: readonly DependencyFault[];
  /** The dependencies of its faults, each with the least number of rows that use it. */
  readonly leastRows: Readonly<Record<string, number>>;
  readonly what: string;
  /** Why it is left out; '' if it can be had here. */
  readonly skipReason: string;
  /** Whether a row is served where the dependencies are such ones. */
  serves(row: TableRow): boolean;
  /** How many samples each row gets. Default: all. */
  readonly samples?: 'all' | 'one';
  /** Starts the stack. */
  open(parts: AsyncDisposableStack): Promise<OpenedScene>;
}

/** How a fault is called in the matrix: `scan_hook: its hook hangs`. */
export function faultName({ dependency, name }: DependencyFault): string {
  return `${dependency}: ${name}`;
}
