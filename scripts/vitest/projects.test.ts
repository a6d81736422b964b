import { execFileSync } from 'node:child_process';
import { join, matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../vitest.config.ts';

const root = join(import.meta.dirname, '../..');

test('every test file belongs to a project, except those of the stack in containers', () => {
  const projects = config.test?.projects ?? [];
  const patterns = projects.flatMap((project) =>
    typeof project === 'object' && 'test' in project ? (project.test?.include ?? []) : [],
  );
  const files = execFileSync('git', ['ls-files', '*.test.ts'], { cwd: root, encoding: 'utf8' });
  const forgotten = files
    .trim()
    .split('\n')
    .filter((file) => !file.startsWith('test/compose/'))
    .filter((file) => !patterns.some((pattern) => matchesGlob(file, pattern)));
  expect(forgotten).toEqual([]);
});
