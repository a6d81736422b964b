import type { Schemas } from '@secureconnect/client';

export type Fleet = Schemas['FleetTable'];
export type FleetInstance = Fleet['instances'][number];
export type FleetRow = Fleet['rows'][number];

/** What a row does now, over all instances of its service. */
export type RowState = 'normal' | 'refuses' | 'goes_on' | 'differs';

/** `differs`: not the same on all instances. */
export function rowState({ instances }: FleetRow): RowState {
  const { normal, fail_closed: refusing, fail_open: goingOn } = instances;
  const kinds = [normal, refusing, goingOn].filter((count) => count > 0).length;
  if (kinds > 1) return 'differs';
  if (refusing > 0) return 'refuses';
  return goingOn > 0 ? 'goes_on' : 'normal';
}

/** How often its fallbacks have answered or refused since the processes began. */
export function usesOf({ used = {} }: FleetRow): number {
  return Object.values(used).reduce((sum, count) => sum + count, 0);
}

/** What is shown of the rows. */
export interface RowFilter {
  readonly text: string;
  readonly service: string;
  readonly state: 'all' | 'unusual' | RowState;
}

/** What an operator looks for comes first. */
const order: readonly RowState[] = ['refuses', 'differs', 'goes_on', 'normal'];

/**
 * The rows that match, those that are not normal first; the text is looked for in routes, operations
 * and ports, word by word.
 */
export function filterRows(
  rows: readonly FleetRow[],
  { text, service, state }: RowFilter,
): FleetRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = rows.filter((row) => {
    if (service !== '' && row.service !== service) return false;
    const is = rowState(row);
    if (state === 'unusual' ? is === 'normal' : state !== 'all' && is !== state) return false;
    const haystack = [row.service, row.route, row.operation, ...Object.keys(row.ports)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
  const place = (row: FleetRow): number => order.indexOf(rowState(row));
  return matching.toSorted((one, other) => place(one) - place(other));
}
