import { digits, milliseconds, ratio, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import type { Started } from './startable.ts';

export interface StartResults {
  readonly measured: ReadonlyMap<'before' | 'here', readonly Started[]>;
  readonly runs: number;
  readonly machine: string;
}

/** The whole section of the document. */
export function startTable({ measured, runs, machine }: StartResults): string {
  const [here, before] = [mediansOf(measured.get('here')), mediansOf(measured.get('before'))];
  const row = (what: string, pick: (one: Started) => number): string[] => [
    what,
    milliseconds(pick(before)),
    milliseconds(pick(here)),
    ratio(pick(here) / pick(before)),
  ];
  return [
    `Medians of ${digits(runs)} warm ${runs === 1 ? 'start' : 'starts'} on ${machine}.`,
    table(
      ['`npm start`', 'before', 'here', 'here ÷ before'],
      [
        row('to the first 200 of the gateway', (one) => one.milliseconds),
        row('processor time of all processes until then', (one) => one.processorMilliseconds),
      ],
    ),
  ].join('\n\n');
}

function mediansOf(starts: readonly Started[] = []): Started {
  return {
    milliseconds: median(starts.map((one) => one.milliseconds)),
    processorMilliseconds: median(starts.map((one) => one.processorMilliseconds)),
  };
}
