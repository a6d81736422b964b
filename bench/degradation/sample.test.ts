import { describe, expect, it } from 'vitest';
import { madeUpSample } from './made-up.ts';
import { isAnswered, isNormal, isNotNormal } from './sample.ts';

const ended = (outcome: string) => madeUpSample(0, 1, outcome);

describe('how a request ended', () => {
  it.each([
    // outcome, normal, shows that Redis is down, answered
    ['redis', true, false, true],
    ['local', false, true, true],
    ['insurance', false, true, true],
    ['none', false, true, true],
    ['500', false, true, false],
    ['ECONNREFUSED', false, true, false],
    // Only the client gave up: the server has said nothing.
    ['hung', false, false, false],
  ])('%s', (outcome, normal, notNormal, answered) => {
    const sample = ended(outcome);
    expect([isNormal(sample), isNotNormal(sample), isAnswered(sample)]).toEqual([
      normal,
      notNormal,
      answered,
    ]);
  });
});
