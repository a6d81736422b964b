/**
 * `npm run bench:storage [-- --runs 5] [--quick]`: uploads and downloads by presigned URLs beside the
 * raw store, and requests a second of upload-url. Writes its section of docs/benchmarks.md; `--quick`
 * makes one short run, prints and writes nothing.
 */
import { closeConnections } from './storage/http.ts';
import { measureAsking, measureWay, type Throughput } from './storage/measure.ts';
import { openScene } from './storage/scene.ts';
import { storageTables } from './storage/tables.ts';
import type { WayName } from './storage/ways.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const tasks = quick
  ? [
      { sizeBytes: 100_000, count: 50 },
      { sizeBytes: 16_000_000, count: 4 },
    ]
  : [
      { sizeBytes: 100_000, count: 400 },
      { sizeBytes: 16_000_000, count: 24 },
    ];
const askingSeconds = quick ? 1 : 5;
const machine = describeMachine();

exitOnSignals();
const measured: { name: WayName; sizeBytes: number; throughput: Throughput }[] = [];
const asked = new Map<string, number[]>();
{
  await using scene = await openScene();
  for (let run = 0; run < runs; run += 1) {
    for (const task of tasks) {
      // Alternating orders: the first in one run is the last in the next.
      const ways = run % 2 === 0 ? scene.ways : scene.ways.toReversed();
      for (const way of ways) {
        const throughput = await measureWay(way, task);
        measured.push({ name: way.name, sizeBytes: task.sizeBytes, throughput });
        const { uploadBytesPerSecond: up, downloadBytesPerSecond: down } = throughput;
        console.log(
          `${run + 1}/${runs} ${way.name}, ${digits(task.sizeBytes)} bytes: ${digits(up / 1e6)} MB/s up, ${digits(down / 1e6)} MB/s down`,
        );
      }
    }
    for (const { store, service } of scene.services) {
      const perSecond = await measureAsking(service, askingSeconds);
      asked.set(store, [...(asked.get(store) ?? []), perSecond]);
      console.log(`${run + 1}/${runs} upload-url, ${store}: ${digits(perSecond)}/s`);
    }
  }
  closeConnections();
}

function medianOf(name: WayName, sizeBytes: number): Throughput {
  const some = measured.filter((one) => one.name === name && one.sizeBytes === sizeBytes);
  const of = (pick: (one: Throughput) => number): number =>
    median(some.map(({ throughput }) => pick(throughput)));
  return {
    uploadBytesPerSecond: of((one) => one.uploadBytesPerSecond),
    downloadBytesPerSecond: of((one) => one.downloadBytesPerSecond),
    uploadCpuMs: of((one) => one.uploadCpuMs),
    downloadCpuMs: of((one) => one.downloadCpuMs),
  };
}

const sizes = tasks.map(({ sizeBytes }) => sizeBytes);
const names = new Set(measured.map(({ name }) => name));
const tables = storageTables({
  sizes,
  figures: new Map(
    [...names].map((name) => [name, new Map(sizes.map((size) => [size, medianOf(name, size)]))]),
  ),
  asking: [...asked].map(([store, all]) => ({ store, perSecond: median(all) })),
  runs,
  machine,
});
console.log(`\n${tables}`);
if (!quick) writeSection('storage', tables);
