/**
 * `npm start`: starts what no variable names, brings the database up to date, starts the five
 * services, and stops all of it on Ctrl-C or SIGTERM.
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
      // Takes back what stripping types at every start costs.
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

/** What the operator can act on; the whole stack where the mistake is in this program. */
function messageFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  return isBug ? (error.stack ?? error.message) : error.message;
}
