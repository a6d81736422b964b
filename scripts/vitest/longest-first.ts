import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** It takes longest by far: if it began last, one worker would go on with it when all others are done. */
const longest = 'test/conformance/faults.test.ts';

/** Vitest's order, except that the longest file begins first: a fresh checkout knows no durations. */
export class LongestFirst extends BaseSequencer {
  /** @returns the same files, in the order in which they begin */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(longest);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}
