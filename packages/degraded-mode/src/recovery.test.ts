import { describe, expect, it } from 'vitest';
import { type DataChange, worseChange } from './recovery.ts';

describe('worseChange', () => {
  it('chooses the change that lost more, whichever was seen first', () => {
    const byLoss: DataChange[] = ['sameData', 'restarted', 'firstContact', 'rolledBack', 'empty'];
    for (const [index, less] of byLoss.entries()) {
      for (const more of byLoss.slice(index)) {
        expect(worseChange(less, more)).toBe(more);
        expect(worseChange(more, less)).toBe(more);
      }
    }
  });
});
