import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { defaultClient } from '../../support/default-client.ts';
import { expressSubject } from './express-subject.ts';
import { limitPerMinute, type Subject, subjectHeader, windowMs } from './subject.ts';

const counting = { points: limitPerMinute, duration: windowMs / 1000 };

/** Remembers which decisions it made, so that replies can say so. */
class Insurance extends RateLimiterMemory {
  readonly decisions = new WeakSet<RateLimiterRes>();

  override async consume(
    ...values: Parameters<RateLimiterMemory['consume']>
  ): Promise<RateLimiterRes> {
    const decision = await super.consume(...values);
    this.decisions.add(decision);
    return decision;
  }
}

/** rate-limiter-flexible on Redis with an insurance limiter in memory, over ioredis. */
export function rateLimiterFlexible(redisUrl: string): Subject {
  const client = defaultClient(redisUrl);
  const insurance = new Insurance(counting);
  const limiter = new RateLimiterRedis({
    ...counting,
    storeClient: client,
    insuranceLimiter: insurance,
  });
  return expressSubject(client, (app) => {
    app.get('/limited', async (request, response) => {
      const decision = await limiter.consume(String(request.headers[subjectHeader]));
      response.json({ source: insurance.decisions.has(decision) ? 'insurance' : 'redis' });
    });
  });
}
