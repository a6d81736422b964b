import { execFile } from 'node:child_process';
import { join } from 'node:path';

const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc');

/**
 * The compiler's errors per file of a TypeScript project. Files are named without `.fixture` and
 * extension. Rejects if the compiler cannot be run, or reports something other than an error of a file.
 */
export async function compilerErrors(project: string): Promise<Map<string, string[]>> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(tsc, ['-p', project, '--pretty', 'false'], (error, printed) => {
      // A number is the exit code after errors; a string means that the compiler did not run.
      if (typeof error?.code === 'string') reject(error);
      else resolve(printed);
    });
  });
  return errorsByFile(output);
}

function errorsByFile(output: string): Map<string, string[]> {
  const errors = new Map<string, string[]>();
  // Indented lines continue the previous error.
  for (const error of output.trimEnd().split(/\n(?! )/)) {
    const [, file, text] =
      /([\w-]+)(?:\.fixture)?\.ts\(.*?\): error TS\d+: (.*)$/s.exec(error) ?? [];
    if (file === undefined || text === undefined) throw new Error(`not understood: ${error}`);
    errors.set(file, [...(errors.get(file) ?? []), text]);
  }
  return errors;
}
