import { beforeAll, describe, expect, it } from 'vitest';
import { compilerErrors } from './compiler-errors.ts';

/** What must not compile, its fixture, and a part of the compiler's only error in it. */
export type Refused = readonly [what: string, fixture: string, message: string];

export interface CompileSuite {
  /** The folder of the fixtures. */
  readonly fixtures: string;
  readonly refused: readonly Refused[];
  /** What all other fixtures show. */
  readonly accepted: string;
}

/**
 * Defines tests that the compiler refuses some fixtures for the stated reason, and accepts the
 * rest.
 */
export function itRefusesToCompile({ fixtures, refused, accepted }: CompileSuite): void {
  describe('the compiler', () => {
    let errors: Map<string, string[]>;

    beforeAll(async () => {
      errors = await compilerErrors(fixtures);
    });

    it.each(refused)('refuses %s', (_what, fixture, message) => {
      expect(errors.get(fixture)).toEqual([expect.stringContaining(message)]);
    });

    it(`accepts ${accepted}`, () => {
      const expected = new Set(refused.map(([, fixture]) => fixture));
      expect([...errors].filter(([fixture]) => !expected.has(fixture))).toEqual([]);
    });
  });
}
