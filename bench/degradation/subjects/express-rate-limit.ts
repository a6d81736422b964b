import { rateLimit } from 'express-rate-limit';
import { type RedisReply, RedisStore } from 'rate-limit-redis';
import { defaultClient } from '../../support/default-client.ts';
import { expressSubject } from './express-subject.ts';
import { limitPerMinute, type Subject, subjectHeader, windowMs } from './subject.ts';

/** Express with express-rate-limit and rate-limit-redis as their README says, over ioredis. */
export function expressRateLimit(redisUrl: string, options: { pass: boolean }): Subject {
  const client = defaultClient(redisUrl);
  const limiter = rateLimit({
    windowMs,
    limit: limitPerMinute,
    keyGenerator: (request) => String(request.headers[subjectHeader]),
    ...(options.pass ? { passOnStoreError: true } : {}),
    store: new RedisStore({
      sendCommand: (command: string, ...values: string[]) =>
        client.call(command, ...values) as Promise<RedisReply>,
    }),
  });
  return expressSubject(client, (app) => {
    app.get('/limited', limiter, (request, response) => {
      // What the limiter let pass without counting has no count.
      const counted = Reflect.get(request, 'rateLimit') !== undefined;
      response.json({ source: counted ? 'redis' : 'none' });
    });
  });
}
