import './provided.ts';

export { freePort, isRunning, type RedisServer } from '@secureconnect/embedded';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { type RedisFault, redisFaults } from './redis-faults.ts';
export {
  type Sample,
  type SampleRequest,
  type Samples,
  type SampleUser,
  type SampleWorld,
  textField,
} from './sample.ts';
export { type TestDatabase, testPostgres } from './test-postgres.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
