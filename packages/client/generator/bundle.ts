import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * One file for browsers, minified, of some of the package's entries.
 * @param entry the text of a module that imports `./index.ts` and others, as in `src`
 * @param format `iife` gives what the module exports as `SecureConnect`
 */
export async function bundle(entry: string, format: 'esm' | 'iife'): Promise<string> {
  const source = join(import.meta.dirname, '../src');
  const build = await rolldown({
    input: 'entry.ts',
    cwd: source,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry.ts' ? join(source, 'entry.ts') : null),
        load: (id) => (id === join(source, 'entry.ts') ? entry : null),
      },
    ],
  });
  try {
    const { output } = await build.generate({ format, minify: true, name: 'SecureConnect' });
    return output[0].code;
  } finally {
    await build.close();
  }
}
