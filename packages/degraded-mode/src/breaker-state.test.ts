import { expect, it } from 'vitest';
import { goDown } from '../test/bound-row.ts';
import { newMode } from '../test/scripted-probes.ts';

it('is half open from the first good probe until the reconcilers are done', () => {
  const mode = newMode();
  const { availability } = mode;
  expect(mode.breaker).toBe('open');
  availability.recordProbe();
  expect(mode.breaker).toBe('half_open');
  availability.recovering();
  expect(mode.breaker).toBe('half_open');
  availability.recovered();
  expect(mode.breaker).toBe('closed');
  goDown(mode);
  expect(mode.breaker).toBe('open');
  availability.recordProbe();
  expect(mode.breaker).toBe('half_open');
  goDown(mode);
  expect(mode.breaker).toBe('open');
});
