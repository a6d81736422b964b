/** The body of a refusal; its four fields, in this order, are a contract with clients. */
export interface DegradedBody {
  readonly error: 'SERVICE_DEGRADED';
  readonly code: 'redis_unavailable';
  readonly mode: 'degraded';
  readonly message: string;
}

/** Thrown if a port fails closed. Clients get it as 503; the request has no effect. */
export class DegradedRefusal extends Error {
  override readonly name = 'DegradedRefusal';
  readonly operation: string;
  readonly port: string;
  readonly retryAfterSeconds: number;

  constructor(refused: { operation: string; port: string; retryAfterSeconds: number }) {
    super(`${refused.operation} is operating in degraded mode due to Redis unavailability`);
    this.operation = refused.operation;
    this.port = refused.port;
    this.retryAfterSeconds = refused.retryAfterSeconds;
  }

  get body(): DegradedBody {
    return {
      error: 'SERVICE_DEGRADED',
      code: 'redis_unavailable',
      mode: 'degraded',
      message: this.message,
    };
  }
}

/** The body of a 429 that the local limiter caused. */
export const localLimitBody = { error: 'Rate limit exceeded', mode: 'degraded' } as const;
