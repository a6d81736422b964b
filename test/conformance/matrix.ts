import type { Matrix } from '@secureconnect/degraded-mode/testing';

const cells = ['✓', '✗', '?'] as const;
export type Cell = (typeof cells)[number];

export function isCell(text: string | undefined): text is Cell {
  return cells.some((cell) => cell === text);
}

/** What was seen of a row under a mode; `?` is nothing. */
export function cellOf({ findings }: Matrix, row: string, mode: string): Cell {
  const wrong = findings.get(mode)?.of(row);
  if (wrong === undefined) return '?';
  return wrong.length === 0 ? '✓' : '✗';
}

const introduction = `# Every row under every fault

Written by \`npm run conformance\`, which starts the five services over a real Redis, breaks that in
each of these ways and sends the requests of every row at the moment of, throughout and after the
fault, and before the first: on the service's own port and through the gateway (at the moment of a
fault and after it by one of the two, in turn), sockets through the gateway. What was refused is sent again
afterwards; rows that refused nothing get new requests then. ✓
means that each outcome was the declared one ([degradation.md](degradation.md)): status, body,
\`X-Degraded\`, \`Retry-After\`, within 2 s, counted in \`redis_fallbacks_total\` under its route; and that
what was refused succeeded afterwards, so nothing had happened. It means, too, that the stored state
was right, asked in SQL before and after each request: what succeeded had happened once, what was
refused or skipped not at all. What a skipped port keeps elsewhere (presence, notices of keys, cached names, parts in an S3)
is not asked. The same suite runs in \`npm test\`.

At the moment of a fault that Redis survives in part (READONLY, LOADING, OOM, MISCONF, CLUSTERDOWN,
MOVED, a denial, an error to some commands), while it flaps and during a failover, a request is right when Redis served it or when its fallback
did, and the reply says which.

With a setting in its name, a fault meets services that have this setting. *Reply lost after commit*:
the client's connection is reset when the reply begins. The request has happened once, and the same
request again does what [retries.md](retries.md) says.
`;

const ofUnknown = `
? means that the fault could not be had where the row was last tried: \`npm run conformance\` writes
what it could try and keeps the rest.
`;

export interface DocumentedMatrix extends Pick<Matrix, 'rows' | 'modes'> {
  /** What was seen; `–` where a mode is none of the row. */
  cell(row: string, mode: string): Cell | '–';
}

/** For the docs: the same without anything that differs from run to run. */
export function markdownMatrix(matrix: DocumentedMatrix): string {
  return markdownTable(introduction, matrix);
}

/** The modes by their numbers, and the table. */
export function markdownTable(
  introduction: string,
  { rows, modes, cell }: DocumentedMatrix,
): string {
  const legend = modes.map((mode, index) => `${index + 1}. ${mode}`).join('\n');
  const header = `| row |${modes.map((_, index) => ` ${index + 1} |`).join('')}`;
  const rule = `|---|${modes.map(() => '---|').join('')}`;
  const lines = rows.map(
    (row) => `| \`${row}\` |${modes.map((mode) => ` ${cell(row, mode)} |`).join('')}`,
  );
  const isUnknown = rows.some((row) => modes.some((mode) => cell(row, mode) === '?'));
  const opening = isUnknown ? `${introduction}${ofUnknown}` : introduction;
  return [opening, legend, '', header, rule, ...lines, ''].join('\n');
}
