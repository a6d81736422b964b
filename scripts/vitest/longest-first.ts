import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Those that take longest: if one began last, one worker would go on with it when all others are done.
 * In either group of vitest.config.ts, the longest first; those of the second follow.
 */
export const longest: readonly string[] = [
  'test/conformance/faults.test.ts',
  'test/conformance/dependencies.test.ts',
  'test/redis-rights.test.ts',
  'test/redis-ha/start-scripts.test.ts',
  'test/bad-input.test.ts',
  'test/key-rotation/rotation.test.ts',
  'services/video/test/reconnect.test.ts',
  'test/deliveries/deliveries.test.ts',
  'test/chaos/chaos.test.ts',
  'test/calls/sfu-call.test.ts',
  'test/client/calls-browser.test.ts',
];

/** Vitest's order, except that the longest files begin first: a fresh checkout knows no durations. */
export class LongestFirst extends BaseSequencer {
  /** @returns the same files, in the order in which they begin */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const turnOf = ({ moduleId }: TestSpecification): number => {
      const turn = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
      return turn < 0 ? longest.length : turn;
    };
    return sorted.toSorted((one, other) => turnOf(one) - turnOf(other));
  }
}
