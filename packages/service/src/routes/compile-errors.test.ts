import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itRefusesToCompile, type Refused } from '@secureconnect/testkit';
import { expect, it } from 'vitest';

const fixtures = join(import.meta.dirname, 'fixtures');

const refused: readonly Refused[] = [
  ['an endpoint without a handler', 'no-handler', "Property 'logout' is missing in type"],
  ['an endpoint without a sample', 'no-sample', `Property '"POST /v1/logout"' is missing in type`],
  [
    'the handler of another endpoint',
    'wrong-endpoint',
    `Handled<Route<ShopContext>, "countVisits">`,
  ],
  [
    'an endpoint that does not list its errors',
    'no-errors',
    "Property 'errors' is missing in type",
  ],
  [
    'a route that does not say what happens without Redis',
    'no-declaration',
    'Expected 3 arguments, but got 2.',
  ],
  [
    'a reply that is not of its schema',
    'wrong-reply',
    "Type 'string' is not assignable to type 'number'.",
  ],
  [
    'a handler using a port that its row does not name',
    'port-not-named',
    "Property 'sessions' does not exist on type '{ readonly visits: Visits; }'.",
  ],
  [
    'a row naming an unknown port',
    'unknown-port',
    '"there is no port vists; the ports are", "revocations" | "sessions" | "visits"',
  ],
  [
    'a fallback that its port does not implement',
    'wrong-fallback',
    '"the port sessions can only do: failClosed"',
  ],
  [
    'such a fallback behind a setting',
    'wrong-setting',
    '"the port visits can only do: failClosed, local, skip"',
  ],
  [
    'a value of a setting without a fallback',
    'missing-value',
    '"the values of the setting WITHOUT_REDIS are"',
  ],
  [
    'a fallback for a value that the setting does not have',
    'unknown-value',
    '"the values of the setting WITHOUT_REDIS are"',
  ],
  [
    'a setting with several values as if it were a flag',
    'flag-as-value',
    '"the values of the setting WITHOUT_REDIS are"',
  ],
  [
    'a setting that the service does not have',
    'unknown-setting',
    '"there is no setting CUONT; the settings are"',
  ],
  [
    'such a fallback of a WebSocket message',
    'wrong-message',
    '"the port sessions can only do: failClosed"',
  ],
];

itRefusesToCompile({ fixtures, refused, accepted: 'correctly declared routes' });

const contributing = readFileSync(join(import.meta.dirname, '../../../../CONTRIBUTING.md'), 'utf8');

/** A message without its names and types: the example has different ones than the fixtures. */
const withoutNames = (message: string): string =>
  message.replaceAll(/'(?:\{[^']*\}|(?:"[A-Z]+ )?[^' ]+)'/g, '…').replaceAll('"', '');

it('CONTRIBUTING.md quotes what the compiler says', () => {
  const quoted = [...contributing.matchAll(/error TS\d+: (.+)/g)].map(
    ([, message = '']) => message,
  );
  expect(quoted.length).toBeGreaterThan(5);
  const shown = refused.map(([, , message]) => withoutNames(message));
  const invented = quoted.filter(
    (message) => !shown.some((text) => withoutNames(message).includes(text)),
  );
  expect(invented).toEqual([]);
});
