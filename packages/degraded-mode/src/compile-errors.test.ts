import { join } from 'node:path';
import { itRefusesToCompile, type Refused } from '@secureconnect/testkit';

const fixtures = join(import.meta.dirname, 'fixtures');

const refused: readonly Refused[] = [
  ['a route without a row', 'no-row', 'Expected 3 arguments, but got 2.'],
  [
    'a handler using a port that its row does not name',
    'port-not-named',
    "Property 'carts' does not exist on type '{ readonly visits: Visits; }'.",
  ],
  [
    'a row naming an unknown port',
    'unknown-port',
    '"there is no port vists; the ports are", "carts" | "prices" | "visits"',
  ],
  [
    'a fallback that its port does not implement',
    'wrong-fallback',
    '"the port carts can only do: failClosed"',
  ],
  [
    'such a fallback behind a setting',
    'wrong-setting',
    '"the port visits can only do: failClosed, local, snapshot"',
  ],
  [
    'a fallback that does not implement what its port does',
    'incomplete-fallback',
    "'(page: string) => Promise<string>' is not assignable to type '(page: string) => Promise<number>'",
  ],
  [
    'a snapshot that cannot say how old it is',
    'snapshot-without-age',
    "Property 'stalenessSeconds' is missing",
  ],
  [
    'a port of another dependency that its row does not name',
    'price-not-named',
    "Property 'prices' does not exist on type '{ readonly visits: Visits; }'.",
  ],
  [
    'a port of another dependency among those of Redis',
    'price-of-redis',
    '"Redis does not back the port prices: declare it in whenDown"',
  ],
  [
    'an unknown port in a row with several dependencies',
    'unknown-price',
    '"there is no port price; the ports are", "carts" | "prices" | "visits"',
  ],
  [
    'a fallback that a port of another dependency does not implement',
    'wrong-price-fallback',
    '"the port prices can only do: failClosed, local"',
  ],
  [
    'a fallback that does not implement what such a port does',
    'incomplete-price-fallback',
    "'() => Promise<string>' is not assignable to type '() => Promise<number>'",
  ],
];

itRefusesToCompile({ fixtures, refused, accepted: 'everything else, with the README’s example' });
