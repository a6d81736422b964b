import type { StormType } from '@secureconnect/contracts';

/** The part of a request that the reply to a delivery needs. */
export interface FoundRequest {
  readonly name: string;
  readonly namespace: string;
  readonly storm_type: StormType | null;
  readonly storm_window: string | null;
}

/** Its columns; the table's alias must be `r`. */
export const foundColumns = 'r.name, r.namespace, r.storm_type, r.storm_window';
