import { digits, ratio, table } from '../support/markdown.ts';
import { type Algorithm, algorithms, type Subject, type TokenFigures } from './names.ts';

export interface TokenResults {
  readonly runs: number;
  readonly tokens: number;
  readonly machine: string;
  /** Medians. */
  readonly figures: readonly (Subject & TokenFigures)[];
}

/** The whole section of the document. */
export function tokenTables({ runs, tokens, machine, figures }: TokenResults): string {
  const head = ['', '', 'first use, µs', 'each further use, µs'];
  return [
    `Medians of ${runs} runs of ${digits(tokens)} tokens on ${machine}.`,
    table(
      head,
      algorithms.flatMap((algorithm) => rowsOf(algorithm, figures)),
    ),
  ].join('\n\n');
}

function rowsOf(algorithm: Algorithm, figures: TokenResults['figures']): string[][] {
  const some = figures.filter((one) => one.algorithm === algorithm);
  const ours = some.find(({ verifier }) => verifier === 'ours');
  const peer = some.find(({ verifier }) => verifier !== 'ours');
  if (ours === undefined || peer === undefined) throw new Error(`no figures of ${algorithm}`);
  return [
    ...[ours, peer].map(({ verifier, firstMicroseconds, againMicroseconds }) => [
      algorithm,
      verifier,
      digits(firstMicroseconds),
      digits(againMicroseconds),
    ]),
    [
      '',
      `ours ÷ ${peer.verifier}`,
      ratio(ours.firstMicroseconds / peer.firstMicroseconds),
      ratio(ours.againMicroseconds / peer.againMicroseconds),
    ],
  ];
}
