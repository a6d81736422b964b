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
    '"there is no port vists; the ports are", "carts" | "visits"',
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
];

itRefusesToCompile({ fixtures, refused, accepted: 'everything else, with the README’s example' });
