import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './source-files.ts';

/** Home folders that images define for everyone, as `/home/node` does. */
const machinePath = /(?<![\w.$}~-])\/(?:work|home\/(?!node\/)[\w-]+|Users\/[\w-]+)\//;
const registryAddress = /:\/\/(?:registry\.|npm\.|[^\s/'"]*(?:artifactory|verdaccio|nexus))/;
const registrySetting = /^\s*(?:[\w@:-]+:)?registry\s*=/;

const conflictMarker = /^(?:<{7}|>{7}|\|{7})(?: |$)/;

function findingIn(file: string, line: string): string | undefined {
  if (machinePath.test(line)) return 'a path of one machine';
  if (registryAddress.test(line) || registrySetting.test(line)) return 'the address of a registry';
  if (conflictMarker.test(line)) return 'a marker of a merge conflict';
  // Integrity hashes identify packages; each machine configures their source.
  if (file === 'pnpm-lock.yaml' && /:\/\/|\btarball:/.test(line))
    return 'an address in the lockfile';
  return undefined;
}

/**
 * Finds lines that work only on one machine or with one registry, and what a merge has left, as
 * `file:line: what`.
 */
export function findForbiddenLines(root: string): string[] {
  return sourceFiles(root).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    // A file with a NUL byte is not text.
    if (text.includes('\0')) return [];
    return text.split('\n').flatMap((line, index) => {
      const finding = findingIn(file, line);
      return finding === undefined ? [] : [`${file}:${index + 1}: ${finding}`];
    });
  });
}
