import type { Findings } from '@secureconnect/degraded-mode/testing';
import type { Sql } from '@secureconnect/postgres';
import type { RedisWatch } from '../support/redis-watch.ts';
import type { Stack } from '../support/stack.ts';
import type { Expected } from './outcome.ts';
import type { SocketScene } from './socket-scene.ts';
import type { TableRow } from './tables.ts';

/** Everything that trying the socket rows once needs. */
export interface SocketTrial {
  readonly stack: Stack;
  readonly scene: SocketScene;
  readonly rows: readonly TableRow[];
  readonly expected: Expected;
  readonly findings: Findings;
  readonly sql: Sql;
  /** Sees whether Redis itself answers in time. */
  readonly watch: RedisWatch;
}
