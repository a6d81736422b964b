/** What tests outside this package use of its own: `@secureconnect/redis/testing`. */
export type { SentinelAddress } from '../src/address.ts';
export {
  type DocumentedUser,
  documentedPassword,
  documentedUsers,
} from './documented-users.ts';
export { started, untilState } from './opened.ts';
export { type Watched, watchedRedis } from './sentinel.ts';
