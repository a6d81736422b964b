export { askRedis } from '../../packages/testkit/src/index.ts';
