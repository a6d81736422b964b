/**
 * `npm start`: starts the backends that no variable names, migrates the database, starts the five
 * services, and stops everything on Ctrl-C or SIGTERM.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const compileCache = join(root, 'node_modules/.cache/compiled');
// Before anything else is loaded; otherwise the starter would be slower to load than PostgreSQL to start.
enableCompileCache(compileCache);
const { main } = await import('./start/main.ts');
await main(root, compileCache);
