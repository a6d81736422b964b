import { readFile, writeFile } from 'node:fs/promises';

/** Changes a file of a copy. Throws Error if it stays as it was, so that no test edits nothing. */
export async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`nothing was changed in ${file}`);
  await writeFile(file, changed);
}
