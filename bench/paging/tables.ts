import { digits, milliseconds, table } from '../support/markdown.ts';
import { type DepthFigures, pageSize } from './measure.ts';

export interface PagingResults {
  readonly results: readonly { readonly name: string; readonly figures: readonly DepthFigures[] }[];
  readonly messages: number;
  readonly days: number;
  readonly machine: string;
}

/** The whole section of the document. */
export function pagingTables({ results, messages, days, machine }: PagingResults): string {
  const depths = results[0]?.figures.map(({ depth }) => depth) ?? [];
  const row = (
    name: string,
    of: (figures: DepthFigures) => number,
    all: readonly DepthFigures[],
  ) => [name, ...all.map((figures) => milliseconds(of(figures)))];
  const rows = results.flatMap(({ name, figures }) => [
    row(`${name}, p50`, ({ p50Ms }) => p50Ms, figures),
    row(`${name}, p99`, ({ p99Ms }) => p99Ms, figures),
  ]);
  return [
    `Pages of ${pageSize} from one conversation of ${digits(messages)} messages over ${days} days, read to the end without a gap or a duplicate; on ${machine}.`,
    table(['messages before the page', ...depths.map(digits)], rows),
  ].join('\n\n');
}
