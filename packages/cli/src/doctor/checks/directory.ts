import { randomUUID } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { probePrefix } from '../files/survey-bucket.ts';
import { fail, ok, skipped } from '../outcome.ts';
import { reasonOf } from '../support/reason-of.ts';

/** The directory of the files, if it is on this machine, takes a file. It is the doctor's own. */
export const directoryCheck: Check = {
  name: 'directory',
  finds: 'a directory of files that takes none',
  source: 'operations.md#scaling',
  async run({ settings }) {
    const directory = settings.get('STORAGE_DIRECTORY');
    if (directory === undefined) return skipped('STORAGE_DIRECTORY is not set');
    const found = await stat(directory).catch(() => undefined);
    if (found === undefined) {
      return skipped('STORAGE_DIRECTORY is not on this machine; run the doctor where storage runs');
    }
    const probe = join(directory, `${probePrefix}${randomUUID()}`);
    try {
      await writeFile(probe, 'Written by "secureconnect doctor".\n', { flag: 'wx', mode: 0o600 });
      await rm(probe);
      return ok('a file was written and deleted');
    } catch (error) {
      return fail(
        `no file can be written in STORAGE_DIRECTORY: ${reasonOf(error)}`,
        'a directory of the user of storage, with space',
        'Correct its owner, or make space on its disk; the user here may also be a different one.',
      );
    }
  },
};
