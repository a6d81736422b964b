import type { StepReport } from './step.ts';

const marks = { passed: '✓', failed: '✗', 'left out': '–' } as const;

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}

function remark({ outcome }: StepReport): string {
  if (outcome.status === 'passed') return outcome.note ?? '';
  return outcome.status === 'left out' ? outcome.reason : 'see above';
}

/** The line for a finished step; with its output if it failed. */
export function endLine(report: StepReport): string {
  const { name, outcome, elapsedMs } = report;
  const line = `${marks[outcome.status]} ${name}: ${outcome.status} (${seconds(elapsedMs)})`;
  return outcome.status === 'failed' ? `${line}\n${outcome.output}` : line;
}

/** The final table, with one line per step. */
export function summaryTable(reports: readonly StepReport[]): string {
  const nameWidth = Math.max(...reports.map(({ name }) => name.length));
  const rows = reports.map((report) => {
    const { name, outcome, elapsedMs } = report;
    const columns = [
      marks[outcome.status],
      name.padEnd(nameWidth),
      outcome.status.padEnd('left out'.length),
      seconds(elapsedMs).padStart('100.0 s'.length),
      remark(report),
    ];
    return columns.join('  ').trimEnd();
  });
  return rows.join('\n');
}
