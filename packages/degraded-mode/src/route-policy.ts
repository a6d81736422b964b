import type { AnyDeclaration } from './port.ts';

/** The row of a route or a WebSocket message type. */
export interface RoutePolicy {
  /** `POST /v1/auth/login`, or `WS /v1/ws/chat typing`. */
  readonly route: string;
  /** Names the operation in degraded replies: `login`. */
  readonly operation: string;
  readonly whenRedisDown: AnyDeclaration;
}
