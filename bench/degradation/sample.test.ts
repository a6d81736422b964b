import { describe, expect, it } from 'vitest';
import { madeUpSample } from './made-up.ts';
import { isAnswered, isAsUsual, isNotAsUsual } from './sample.ts';

const ended = (outcome: string) => madeUpSample(0, 1, outcome);

describe('how a request ended', () => {
  it.each([
    // outcome, as usual, shows that Redis is away, answered
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
    expect([isAsUsual(sample), isNotAsUsual(sample), isAnswered(sample)]).toEqual([
      normal,
      notNormal,
      answered,
    ]);
  });
});
