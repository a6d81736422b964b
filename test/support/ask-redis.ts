export { askRedis } from '@secureconnect/testkit';
