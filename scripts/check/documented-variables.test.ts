import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The names of variables that a configuration file declares: `NAME: schema,` or `NAME,`. */
function variablesIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]{3,}):/gm)].flatMap((match) => match[1] ?? []);
}

it('finds every environment variable in the README and in the production example', () => {
  const files = globSync(
    [
      'services/*/src/config.ts',
      'packages/*/src/{config,common-config,read-address}.ts',
      'scripts/start/settings.ts',
    ],
    { cwd: root },
  );
  const variables = new Set(files.flatMap(variablesIn));
  expect(variables.size).toBeGreaterThan(25);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const undocumented = [...variables].filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
  expect(undocumented).toEqual([]);
  const example = readFileSync(join(root, '.env.production.example'), 'utf8');
  // These are for a laptop only.
  const elsewhere = ['MAIL_DIRECTORY', 'SECURECONNECT_DATA_DIR', 'DEMO_REDIS_SWITCH'];
  const missing = [...variables].filter(
    (name) => !elsewhere.includes(name) && !new RegExp(`^#?${name}=`, 'm').test(example),
  );
  expect(missing).toEqual([]);
});
