import { findRedis } from '@secureconnect/embedded';
import { expect, inject, it } from 'vitest';

it('the tests of storage find no Redis', () => {
  expect(findRedis()).toBeUndefined();
  expect(inject('redisProgram')).toBe('');
});
