import { resolve } from 'node:path';
import { packDegradedMode } from './pack/degraded-mode.ts';

/** `npm run pack:degraded-mode [-- FOLDER]`: the tarball of packages/degraded-mode. */
const tarball = await packDegradedMode(resolve(process.argv[2] ?? '.'));
process.stdout.write(`${tarball}\n`);
