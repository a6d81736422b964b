import { parseArgs } from 'node:util';

export interface CountOption {
  /** Of the option that says how many. */
  readonly name: string;
  readonly defaultCount: number;
  /** With `--quick`. Default: 1. */
  readonly quickCount?: number;
  /** Default: 1. */
  readonly minCount?: number;
}

export interface BenchArguments {
  readonly count: number;
  /** A short run, which writes nothing. */
  readonly quick: boolean;
}

/** Reads `--NAME COUNT` and `--quick`. @throws Error for a count that is no number or too small */
export function readArguments({
  name,
  defaultCount,
  quickCount = 1,
  minCount = 1,
}: CountOption): BenchArguments {
  const { values } = parseArgs({
    options: { [name]: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const quick = values['quick'] === true;
  const count = quick ? quickCount : Number(values[name] ?? defaultCount);
  if (!Number.isInteger(count) || count < minCount) {
    throw new Error(`--${name} must be a whole number of at least ${minCount}`);
  }
  return { count, quick };
}
