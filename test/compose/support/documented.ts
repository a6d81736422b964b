import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellBlocks } from '../../support/console-block.ts';
import { root } from './command.ts';

export const variants = ['ha', 'scale', 'cockroach'] as const;
export type Variant = (typeof variants)[number];

const text = readFileSync(join(root, 'docs/docker.md'), 'utf8');

/** The commands of the page's first block, without what is said of them. */
const [prepare = '', start = '', end = '', ...more] = (shellBlocks(text)[0] ?? []).map((line) =>
  line.replace(/ +#.*$/, ''),
);

/** The commands of docs/docker.md: the tests run these, so that the page is right. */
export const documented = {
  /** Writes `.env`. */
  prepare,
  start,
  /** Takes everything down, data too. */
  end,
  /** How a variant is started, by its row in the page's table. */
  startOf(variant: Variant): string {
    const row = new RegExp(`^\\| \`(docker-compose .*--profile ${variant} up -d)\` \\|`, 'm');
    const command = row.exec(text)?.[1];
    if (command === undefined) throw new Error(`docs/docker.md has no row for ${variant}.`);
    return command;
  },
};

if (end === '' || more.length > 0) {
  throw new Error('docs/docker.md must begin with three commands: prepare, start, take down.');
}
