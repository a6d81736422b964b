/**
 * The gate that every change must pass: `npm run check`, or with `-- --no-tests` everything except
 * the tests. Every step runs even if others fail; the exit code is 1 if any failed.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endLine, summaryTable } from './check/print.ts';
import type { Progress } from './check/run-steps.ts';
import { runSteps } from './check/run-steps.ts';
import { sourceSteps, testStep } from './check/steps.ts';

const { values } = parseArgs({ options: { 'no-tests': { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..');
const progress: Progress = {
  started: ({ name }) => console.log(`… ${name}`),
  ended: (report) => console.log(endLine(report)),
};

const reports = [...(await runSteps(sourceSteps(root), 2, progress))];
if (!values['no-tests']) reports.push(...(await runSteps([testStep(root)], 1, progress)));

const failed = reports.filter(({ outcome }) => outcome.status === 'failed').length;
console.log(`\n${summaryTable(reports)}\n`);
console.log(failed === 0 ? 'All steps passed.' : `${failed} of ${reports.length} steps failed.`);
process.exitCode = failed === 0 ? 0 : 1;
