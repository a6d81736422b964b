import type { StormType } from '@secureconnect/contracts';

/** A request as far as a delivery is answered from it. */
export interface FoundRequest {
  readonly name: string;
  readonly namespace: string;
  readonly storm_type: StormType | null;
  readonly storm_window: string | null;
}

/** Its columns, of a table that the statement calls `r`. */
export const foundColumns = 'r.name, r.namespace, r.storm_type, r.storm_window';
