import { resolve } from 'node:path';
import { type PublishedPackage, packPackage } from './pack/pack-package.ts';

/** `npm run pack:NAME [-- FOLDER]`: the tarball of a package that others may install. */
const [name, folder = '.'] = process.argv.slice(2);
const tarball = await packPackage(name as PublishedPackage, resolve(folder));
process.stdout.write(`${tarball}\n`);
