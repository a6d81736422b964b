/**
 * `npm start`: starts the backends that no variable names, migrates the database, starts the five
 * services, and stops everything on Ctrl-C or SIGTERM.
 */
import { join } from 'node:path';
import { watchForEnd } from './start/end-watch.ts';
import { sayWhyItStopped } from './start/last-word.ts';
import { servicesOf } from './start/service-spec.ts';
import { readSettings } from './start/settings.ts';
import { runStack } from './start/stack.ts';

const root = join(import.meta.dirname, '..');
const controller = new AbortController();
watchForEnd(controller);
try {
  const end = await runStack({
    settings: readSettings(process.env, servicesOf(root), root),
    environment: {
      // Saves the cost of stripping types at every start.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
      ...process.env,
    },
    migrations: join(root, 'scripts/migrate.ts'),
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

/** A message that the operator can act on, or the stack trace of a bug in this program. */
function messageFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  return isBug ? (error.stack ?? error.message) : error.message;
}
