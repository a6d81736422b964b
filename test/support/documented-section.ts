import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { consoleBlocks, normalized } from './console-block.ts';
import type { Shell } from './shell.ts';
import type { Stack } from './stack.ts';

export const root = join(import.meta.dirname, '../..');

/** Where documented commands run. */
export interface CommandPlace {
  readonly stack: Pick<Stack, 'urls' | 'directory'>;
  readonly shell: Shell;
}

/** The text of a section of a page, such as `docs/accounts.md`; empty if there is none. */
export async function documentedSection(page: string, heading: string): Promise<string> {
  const text = await readFile(join(root, page), 'utf8');
  return text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** Runs the commands of a section, of which there must be some: each prints what the page says. */
export async function expectSectionHolds(
  page: string,
  heading: string,
  { stack, shell }: CommandPlace,
): Promise<void> {
  const section = await documentedSection(page, heading);
  const commands = consoleBlocks(section).flatMap((block) => block.commands);
  expect(commands.length, heading).toBeGreaterThan(0);
  for (const { command, output } of commands) {
    const own = command
      .replaceAll('localhost:8080', new URL(stack.urls.gateway).host)
      .replaceAll('.data/', `${stack.directory}/`);
    expect(normalized(await shell.run(own)), command).toBe(normalized(output));
  }
}
