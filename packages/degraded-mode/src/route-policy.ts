import type { AnyDeclaration } from './port.ts';

/** The row of a route or a WebSocket message type. */
export interface RoutePolicy {
  /** `POST /v1/auth/login`, or `WS /v1/ws/chat typing`. */
  readonly route: string;
  /** Names the operation in degraded replies: `login`. */
  readonly operation: string;
  /** The fallbacks of ports that Redis backs. */
  readonly whenRedisDown: AnyDeclaration;
  /** The fallbacks of ports that any dependency backs, beside those. */
  readonly whenDown?: AnyDeclaration;
  /**
   * The dependencies of the ports in `whenDown`, for tables that are written without the ports. A
   * row that is bound to a port of a different dependency stops the process at its start.
   */
  readonly backedBy?: Readonly<Record<string, string>>;
}

/** The fallbacks of all ports of a row. */
export function declaredFallbacks({ whenRedisDown, whenDown }: RoutePolicy): AnyDeclaration {
  return whenDown === undefined ? whenRedisDown : { ...whenRedisDown, ...whenDown };
}
