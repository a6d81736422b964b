/** For the tests of whole deployments, and for docs/doctor.md. */
export { allChecks } from './all-checks.ts';
export { examine } from './examine.ts';
export type { CheckResult } from './run-checks.ts';
