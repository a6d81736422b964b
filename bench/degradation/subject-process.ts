/** `node subject-process.ts NAME REDIS_URL`: serves one subject and tells the parent its port. */
import { endWithParent, tellParent } from '../support/child.ts';
import { type SubjectName, subjectNames } from './subject-names.ts';
import { bareIoredis } from './subjects/bare-ioredis.ts';
import { expressRateLimit } from './subjects/express-rate-limit.ts';
import { rateLimiterFlexible } from './subjects/rate-limiter-flexible.ts';
import { secureconnect } from './subjects/secureconnect.ts';
import type { Subject } from './subjects/subject.ts';

const create: Readonly<Record<SubjectName, (redisUrl: string) => Subject>> = {
  secureconnect,
  'express-rate-limit': (redisUrl) => expressRateLimit(redisUrl, { pass: false }),
  'express-rate-limit-pass': (redisUrl) => expressRateLimit(redisUrl, { pass: true }),
  'rate-limiter-flexible': rateLimiterFlexible,
  ioredis: bareIoredis,
};

endWithParent();
const [name = '', redisUrl = ''] = process.argv.slice(2);
const known = subjectNames.find((candidate) => candidate === name);
if (known === undefined) throw new Error(`there is no subject ${name}`);
tellParent({ kind: 'listening', port: await create[known](redisUrl).listen() });
