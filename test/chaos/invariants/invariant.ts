import type { History } from '../history.ts';

/** What a history says about one promise. */
export interface Verdict {
  /** A line for each time that it was broken. */
  readonly broken: readonly string[];
  /** How much of what it is about was there; where that is 0, it was not tried. */
  readonly judged: number;
  /** What was seen, for people: how much was judged, and how near it came. */
  readonly seen: string;
}

/** A promise that holds whatever Redis does. */
export interface Invariant {
  readonly name: string;
  judge(history: History): Verdict;
}
