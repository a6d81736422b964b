import type { Costs } from './costs.ts';
import { scalingSection } from './tables.ts';
import type { Workload } from './workload.ts';

const begin = '<!-- scaling: written by `npm run scaling -- --write` -->';
const end = '<!-- end of scaling -->';

/** The text of docs/scaling.md with its tables computed anew. @throws Error without the marks */
export function withScaling(
  text: string,
  given: { readonly workload: Workload; readonly costs: Costs },
): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/scaling.md has no marks for its tables');
  return `${text.slice(0, from + begin.length)}\n${scalingSection(given)}\n${text.slice(to)}`;
}
