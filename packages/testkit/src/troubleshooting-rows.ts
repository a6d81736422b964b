import { readFile } from 'node:fs/promises';

const page = new URL('../../../docs/troubleshooting.md', import.meta.url);

/**
 * The rows of the table below a heading of docs/troubleshooting.md, as cells without their padding;
 * the header is not among them. Throws Error if the page has no such heading.
 */
export async function troubleshootingRows(heading: string): Promise<string[][]> {
  const text = await readFile(page, 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/troubleshooting.md has no "## ${heading}"`);
  const [, ...rows] = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}
