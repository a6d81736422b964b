import type { Deployment } from './deployment.ts';
import type { Outcome } from './outcome.ts';

/** One thing that the doctor looks at. It changes nothing, except its own probe object. */
export interface Check {
  /** In lower case with hyphens; the name of its file. */
  readonly name: string;
  /** What it reports, for docs/doctor.md. */
  readonly finds: string;
  /** Where its rules come from: a page of these docs, or of the server's. */
  readonly source: string;
  readonly run: (deployment: Deployment) => Promise<Outcome>;
}
