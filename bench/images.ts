/**
 * `npm run bench:images [-- --runs 5]`: how long an image takes to rebuild after one line was
 * changed, beside the Dockerfile of most guides, and how large the images are. Needs a Docker engine.
 * Writes its section of docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { copySources } from '../scripts/compose/copy-sources.ts';
import {
  build,
  buildBase,
  changeOneLine,
  describeBuilder,
  removeImages,
  type Service,
  type Size,
  sizeOf,
  type Way,
  ways,
} from './images/build.ts';
import { imageTables } from './images/tables.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { exitOnSignals, TemporaryFolder } from './support/temporary-folder.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs} is no number`);
const machine = `${describeMachine()}; ${await describeBuilder()}`;

exitOnSignals();
using folder = new TemporaryFolder();
await copySources(folder.path);
const rebuilds: Record<Way, number[]> = { ours: [], conventional: [] };

// What need not be rebuilt is built before anything is measured.
for (const way of ways)
  console.log(`first build, ${way}: ${digits(await build(folder.path, way, 'gateway'))} s`);
for (let run = 0; run < runs; run += 1) {
  await changeOneLine(folder.path, run);
  // Alternating orders: the first in one run is the last in the next.
  for (const way of run % 2 === 0 ? ways : ways.toReversed()) {
    const seconds = await build(folder.path, way, 'gateway');
    rebuilds[way].push(seconds);
    console.log(`${run + 1}/${runs} ${way}: ${digits(seconds)} s`);
  }
}
await buildBase(folder.path);
async function ourSize(service: Service): Promise<Size> {
  await build(folder.path, 'ours', service);
  return sizeOf('ours', service);
}

const sizes = {
  gateway: await ourSize('gateway'),
  auth: await ourSize('auth'),
  chat: await ourSize('chat'),
  video: await ourSize('video'),
  storage: await ourSize('storage'),
};
const conventional = await sizeOf('conventional', 'gateway');
const tables = imageTables({ sizes, conventional, rebuilds, machine });
await removeImages();
console.log(tables);
writeSection('images', tables);
