import type { Reconciliation } from './reconcile.ts';

/** Maximum lines per section. */
const maxLines = 50;

/** A readable report. `fixed`: what could be repaired was repaired. */
export function reconciliationReport(found: Reconciliation, fixed: boolean): string {
  const repaired = fixed ? ', repaired' : '';
  return [
    `${found.files} files, ${found.objects} objects`,
    ...section(
      'files with missing bytes',
      found.missing.map(({ fileId, objectId, sizeBytes, foundBytes }) => {
        const is = foundBytes === undefined ? 'is missing' : `has ${foundBytes} bytes`;
        return `file ${fileId} of ${sizeBytes} bytes: object ${objectId} ${is}`;
      }),
    ),
    ...section(
      `objects that belong to no file${repaired}`,
      found.orphans.map(
        ({ name, sizeBytes, changedAt }) =>
          `${name}, ${sizeBytes} bytes, of ${changedAt.toISOString()}`,
      ),
    ),
    ...section(
      'objects from elsewhere, left alone',
      found.foreign.map(({ name, sizeBytes }) => `${name}, ${sizeBytes} bytes`),
    ),
    ...section(
      `usages that differ from the sum of the files${repaired}`,
      found.usage.map(
        ({ userId, usedBytes, reservedBytes, usedByFilesBytes, reservedByFilesBytes }) =>
          `user ${userId}: ${usedBytes} used and ${reservedBytes} reserved; ` +
          `files use ${usedByFilesBytes} and reserve ${reservedByFilesBytes}`,
      ),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  const more = lines.length > maxLines ? [`  … and ${lines.length - maxLines} more`] : [];
  return [
    `${title}: ${lines.length}`,
    ...lines.slice(0, maxLines).map((line) => `  ${line}`),
    ...more,
  ];
}
