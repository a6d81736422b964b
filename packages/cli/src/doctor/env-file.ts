import { readFileSync } from 'node:fs';
// From Node.js 20.12 on; so this module is loaded only for --env-file.
import { parseEnv } from 'node:util';
import { UsageError } from '../errors.ts';
import { reasonOf } from './support/reason-of.ts';

/** The variables in a file of lines `NAME=value`. Throws UsageError if it cannot be read. */
export function readEnvFile(path: string): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--env-file cannot be read: ${reasonOf(error)}.`);
  }
}
