import type { AnyEndpoint, Endpoint } from '../endpoint.ts';
import * as byService from './index.ts';

/** Every endpoint, socket and frame of the product. */
export const allEndpoints: readonly AnyEndpoint[] = Object.values(byService).flatMap(
  (endpoints): AnyEndpoint[] => Object.values(endpoints),
);

/** Every HTTP endpoint of the product. */
export const httpEndpoints: readonly Endpoint[] = allEndpoints.filter(
  (each) => each.kind === 'http',
);
