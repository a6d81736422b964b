import { defaultClient } from '../../support/default-client.ts';
import { expressSubject } from './express-subject.ts';
import { type Subject, subjectHeader, windowMs } from './subject.ts';

/** What many write by hand: INCR and EXPIRE, over ioredis as it comes. */
export function bareIoredis(redisUrl: string): Subject {
  const client = defaultClient(redisUrl);
  return expressSubject(client, (app) => {
    app.get('/limited', async (request, response) => {
      const key = `limit:${String(request.headers[subjectHeader])}`;
      await Promise.all([client.incr(key), client.expire(key, windowMs / 1000)]);
      response.json({ source: 'redis' });
    });
  });
}
