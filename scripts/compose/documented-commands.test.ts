import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md', 'packages/cli/src/**/*.ts'], {
  cwd: root,
});

// Without -T docker-compose 1 demands a terminal, which cron, CI and pagers do not have.
it('every docker-compose exec of a page runs without a terminal', () => {
  const commands = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/docker[- ]compose[^`\n]* exec .*/g)].map(
      ([command]) => `${page}: ${command}`,
    ),
  );
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter((command) => !command.includes(' exec -T '))).toEqual([]);
});
