import { digits, table } from '../support/markdown.ts';
import { type PortFigures, type Wrapper, wrappers } from './names.ts';

export interface PortResults {
  readonly runs: number;
  readonly calls: number;
  readonly machine: string;
  /** Medians. */
  readonly figures: Readonly<Record<Wrapper, PortFigures>>;
}

/** The whole section of the document. */
export function portTables({ runs, calls, machine, figures }: PortResults): string {
  const bare = figures['bare call'];
  const head = ['', 'CPU of a call, µs', 'beyond the bare call, µs', 'bytes', 'beyond, bytes'];
  const rows = wrappers.map((wrapper) => {
    const { microseconds, bytes } = figures[wrapper];
    const beyond = [microseconds - bare.microseconds, bytes - bare.bytes].map(digits);
    const [beyondMicroseconds = '', beyondBytes = ''] = wrapper === 'bare call' ? [] : beyond;
    return [wrapper, digits(microseconds), beyondMicroseconds, digits(bytes), beyondBytes];
  });
  return [
    `Medians of ${runs} runs of ${digits(calls)} calls on ${machine}.`,
    table(head, rows),
  ].join('\n\n');
}
