import type { Stack } from '../support/stack.ts';
import type { TableRow } from './tables.ts';

/** A way for a dependency other than Redis to fail. */
export interface DependencyFault {
  /** As rows name it. */
  readonly dependency: string;
  readonly name: string;
  begin(stack: Stack): Promise<void>;
  end(stack: Stack): Promise<void>;
}

/** A stack whose dependencies can fail. */
export interface DependencyScene {
  /** Those of its faults, each with the least number of rows that use it. */
  readonly dependencies: Readonly<Record<string, number>>;
  readonly what: string;
  /** Why it is left out; '' if it can be had here. */
  readonly skipReason: string;
  /** Whether a row is served where the dependencies are such ones. */
  serves(row: TableRow): boolean;
  /** How many samples each row gets. Default: all. */
  readonly samples?: 'all' | 'one';
  /** Starts the stack; faults are of that. */
  open(parts: AsyncDisposableStack): Promise<{
    readonly stack: Stack;
    readonly faults: readonly DependencyFault[];
    /** Writes to SQL what is stored elsewhere: effects are counted there. */
    readonly mirror?: () => Promise<void>;
  }>;
}
