// Plain JavaScript for any Node, as it runs before anything is installed.
//
// Exits with 0 if everything is installed that the manifests and the lockfile ask for: then `npm
// start` need not run the package manager, which takes longer than the start itself. With `--keep`,
// after an installation, it notes that this is so. Deleting node_modules deletes the note.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const note = join('node_modules', '.setup-state');

if (process.argv[2] === '--keep') writeFileSync(note, state());
else if (!existsSync(note) || readFileSync(note, 'utf8') !== state()) process.exitCode = 1;

/** A hash of all that decides what is installed, and of where something is. */
function state() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(file));
  for (const folder of [
    '.',
    'bench',
    'console',
    ...foldersIn('packages'),
    ...foldersIn('services'),
  ]) {
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const isInstalled = existsSync(join(folder, 'node_modules'));
    hash.update(`\n${folder} ${isInstalled}\n`).update(readFileSync(manifest));
  }
  return hash.digest('hex');
}

function foldersIn(parent) {
  return readdirSync(parent).map((name) => join(parent, name));
}
