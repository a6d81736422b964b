import { execFile } from 'node:child_process';
import { join } from 'node:path';

const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc');

/**
 * What the compiler says of each file of a TypeScript project, an entry an error; files are named
 * without `.fixture` and ending. Rejects when the compiler cannot be run.
 */
export function compilerErrors(project: string): Promise<Map<string, string[]>> {
  return new Promise((resolve, reject) => {
    execFile(tsc, ['-p', project, '--pretty', 'false'], (error, output) => {
      // The exit code is that of a compilation with errors; a text says that there was none.
      if (typeof error?.code === 'string') reject(error);
      else resolve(errorsByFile(output));
    });
  });
}

function errorsByFile(output: string): Map<string, string[]> {
  const errors = new Map<string, string[]>();
  // Lines that are indented go on with the error before them.
  for (const error of output.trimEnd().split(/\n(?! )/)) {
    const [, file, text] =
      /([\w-]+)(?:\.fixture)?\.ts\(.*?\): error TS\d+: (.*)$/s.exec(error) ?? [];
    if (file === undefined || text === undefined) throw new Error(`not understood: ${error}`);
    errors.set(file, [...(errors.get(file) ?? []), text]);
  }
  return errors;
}
