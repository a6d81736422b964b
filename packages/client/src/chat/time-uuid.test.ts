import { expect, it } from 'vitest';
import { timeUuidAt } from './time-uuid.ts';

it('is the UUID of the example in RFC 9562, appendix A.1, but for its node', () => {
  const exampleMs = Date.parse('2022-02-22T19:22:22Z');
  expect(timeUuidAt(exampleMs)).toBe('c232ab00-9414-11ec-8000-000000000000');
});
