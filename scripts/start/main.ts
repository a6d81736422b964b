import { join } from 'node:path';
import { watchForEnd } from './end-watch.ts';
import { sayWhyItStopped } from './last-word.ts';
import { servicesOf } from './service-spec.ts';
import { readSettings } from './settings.ts';
import { runStack } from './stack.ts';

/** The whole life of the starter; ends the process. */
export async function main(root: string, compileCache: string): Promise<never> {
  const controller = new AbortController();
  watchForEnd(controller);
  try {
    const end = await runStack({
      settings: readSettings(process.env, servicesOf(root), root),
      environment: {
        // Saves the cost of stripping types at every start.
        NODE_COMPILE_CACHE: compileCache,
        ...process.env,
      },
      migrations: join(root, 'scripts/migrate.ts'),
      consoleRoot: root,
      readable: process.stdout.isTTY === true,
      say: (line) => console.log(line),
      controller,
    });
    sayWhyItStopped(end);
    process.exit(end.exitCode);
  } catch (error) {
    console.error(messageFor(error));
    process.exit(1);
  }
}

/** A message that the operator can act on, or the stack trace of a bug in this program. */
function messageFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  return isBug ? (error.stack ?? error.message) : error.message;
}
