import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];

/** Every route, by its method and path as in the documentation. */
export type Routes = Schemas['Routes'];
export type RouteName = keyof Routes;

/** The shapes of the API, such as `Message`. */
export type { Schemas };

/** What a route takes: `path`, `query` and `body`, each where it has one. */
export type RequestOf<Name extends RouteName> = Omit<Routes[Name], 'data'>;

/** What a route gives. */
export type DataOf<Name extends RouteName> = Routes[Name]['data'];
