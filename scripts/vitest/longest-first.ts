import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The file that takes longest by far, which all others together do not outlast if it begins last. */
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
