import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const fixtures = join(import.meta.dirname, 'fixtures');
const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc');

/** What the compiler says of each file of the fixtures, an entry an error. */
function compile(): Promise<Map<string, string[]>> {
  return new Promise((resolve, reject) => {
    execFile(tsc, ['-p', fixtures, '--pretty', 'false'], (error, output) => {
      // The exit code is that of a compilation with errors; a text says that there was none.
      if (typeof error?.code === 'string') reject(error);
      else resolve(errorsByFile(output));
    });
  });
}

function errorsByFile(output: string): Map<string, string[]> {
  const errors = new Map<string, string[]>();
  // Lines that are indented go on with the error before them.
  for (const error of output.trimEnd().split(/\n(?! )/)) {
    const [, file, text] =
      /([\w-]+)(?:\.fixture)?\.ts\(.*?\): error TS\d+: (.*)$/s.exec(error) ?? [];
    if (file === undefined || text === undefined) throw new Error(`not understood: ${error}`);
    errors.set(file, [...(errors.get(file) ?? []), text]);
  }
  return errors;
}

/** What must not compile, its fixture, and what the compiler says of it. */
const refused: readonly [string, string, string][] = [
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
    'a substitute that does not implement what its port does',
    'wrong-substitute',
    "'(page: string) => Promise<string>' is not assignable to type '(page: string) => Promise<number>'",
  ],
  [
    'a snapshot that cannot say how old it is',
    'snapshot-without-age',
    "Property 'stalenessSeconds' is missing",
  ],
];

describe('the compiler', () => {
  let errors: Map<string, string[]>;

  beforeAll(async () => {
    errors = await compile();
  });

  it.each(refused)('refuses %s', (_what, file, message) => {
    expect(errors.get(file)).toEqual([expect.stringContaining(message)]);
  });

  it('accepts everything else, with the README’s example', () => {
    const expected = new Set(refused.map(([, file]) => file));
    expect([...errors].filter(([file]) => !expected.has(file))).toEqual([]);
  });
});
