import { nameInProse, redisName } from './dependency-name.ts';

/** The body of a refusal; its four fields, in this order, are a contract with clients. */
export interface DegradedBody {
  readonly error: 'SERVICE_DEGRADED';
  /** `redis_unavailable`; of a different dependency, its name in the place of `redis`. */
  readonly code: `${string}_unavailable`;
  readonly mode: 'degraded';
  readonly message: string;
}

export interface Refused {
  readonly operation: string;
  readonly port: string;
  readonly retryAfterSeconds: number;
  /** The dependency that backs the port. Default `redis`. */
  readonly dependency?: string;
  /** What it says. Default: that the operation is in degraded mode because of the dependency. */
  readonly message?: string;
}

/** Thrown if a port fails closed. Clients get it as 503; the request has no effect. */
export class DegradedRefusal extends Error {
  override readonly name = 'DegradedRefusal';
  readonly operation: string;
  readonly port: string;
  readonly retryAfterSeconds: number;
  readonly dependency: string;
  /** Whether the message is the mode's own, in the place of the usual one. */
  readonly hasOwnMessage: boolean;

  constructor({ operation, port, retryAfterSeconds, dependency = redisName, message }: Refused) {
    super(message ?? usualMessage(operation, dependency));
    this.hasOwnMessage = message !== undefined;
    this.operation = operation;
    this.port = port;
    this.retryAfterSeconds = retryAfterSeconds;
    this.dependency = dependency;
  }

  get body(): DegradedBody {
    return {
      error: 'SERVICE_DEGRADED',
      code: `${this.dependency}_unavailable`,
      mode: 'degraded',
      message: this.message,
    };
  }
}

function usualMessage(operation: string, dependency: string): string {
  const because = nameInProse(dependency);
  return `${operation} is operating in degraded mode due to ${because} unavailability`;
}

/** The body of a 429 that the local limiter caused. */
export const localLimitBody = { error: 'Rate limit exceeded', mode: 'degraded' } as const;
