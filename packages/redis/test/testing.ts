/** What tests outside this package use of its own: `@secureconnect/redis/testing`. */

export type { SentinelAddress } from '@secureconnect/degraded-mode/ioredis';
export { type Watched, watchedRedis } from '@secureconnect/degraded-mode/ioredis/testing';
export {
  type DocumentedUser,
  documentedPassword,
  documentedUsers,
} from './documented-users.ts';
export { started, untilState } from './opened.ts';
