import { withPart } from '../support/document.ts';
import type { Costs } from './costs.ts';
import { scalingSection } from './tables.ts';
import type { Workload } from './workload.ts';

const marks = {
  begin: '<!-- scaling: written by `npm run scaling -- --write` -->',
  end: '<!-- end of scaling -->',
  what: 'docs/scaling.md has no marks for its tables',
};

/** The text of docs/scaling.md with its tables computed anew. @throws Error without the marks */
export function withScaling(
  text: string,
  given: { readonly workload: Workload; readonly costs: Costs },
): string {
  return withPart(text, marks, scalingSection(given));
}
