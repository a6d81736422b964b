import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CallDesk } from './model/call-desk.ts';
import type { Limits } from './model/limits.ts';
import type { Person } from './model/person.ts';

/** Who uses a part of the page: on the demo's page there are two. */
export interface Desk {
  readonly person: Person;
  readonly limits: Limits;
  readonly calls: CallDesk;
  /** Whether sound of others is not played: where both sides of a call are in one page. */
  readonly isSilent?: boolean;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

/** The person whose part of the page a component is in. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('useDesk is called outside of a DeskContext');
  return desk;
}
