import { randomBytes } from 'node:crypto';
import { cpuMs } from '../trees/process-cpu.ts';
import type { StorageService } from './service.ts';
import type { Way } from './ways.ts';

export interface Throughput {
  readonly uploadBytesPerSecond: number;
  readonly downloadBytesPerSecond: number;
  /** Processor time of the server for each object, in milliseconds; NaN if it has no process. */
  readonly uploadCpuMs: number;
  readonly downloadCpuMs: number;
}

export interface Task {
  readonly sizeBytes: number;
  readonly count: number;
}

/** Clients that each wait for their reply. */
const clients = 4;
const askingClients = 16;

/** Sends and reads so many objects. Throws Error where one does not come back as long as it was. */
export async function measureWay(way: Way, { sizeBytes, count }: Task): Promise<Throughput> {
  const bytes = randomBytes(sizeBytes);
  const targets = await way.targets(count, sizeBytes);
  const cpuNow = (): number => (way.serverPid === undefined ? Number.NaN : cpuMs(way.serverPid));
  const cpuBefore = cpuNow();
  const uploadSeconds = await timed(() => inTurns(targets, clients, (one) => one.put(bytes)));
  const cpuOfUploads = cpuNow() - cpuBefore;
  await inTurns(targets, clients, (one) => one.settle());
  const cpuBetween = cpuNow();
  const downloadSeconds = await timed(() =>
    inTurns(targets, clients, async (one) => {
      const read = await one.get();
      if (read !== sizeBytes) throw new Error(`${way.name}: ${read} bytes of ${sizeBytes}`);
    }),
  );
  const allBytes = sizeBytes * count;
  return {
    uploadBytesPerSecond: allBytes / uploadSeconds,
    downloadBytesPerSecond: allBytes / downloadSeconds,
    uploadCpuMs: cpuOfUploads / count,
    downloadCpuMs: (cpuNow() - cpuBetween) / count,
  };
}

/** Requests a second of upload-url, by users who each wait for their reply. */
export async function measureAsking(service: StorageService, seconds: number): Promise<number> {
  const users = Array.from({ length: askingClients }, () => service.user());
  let answered = 0;
  const until = performance.now() + seconds * 1000;
  const took = await timed(() =>
    inTurns(users, askingClients, async (user) => {
      while (performance.now() < until) {
        await service.uploadUrl(user, 1000);
        answered += 1;
      }
    }),
  );
  return answered / took;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Works through a list, so many at a time. */
async function inTurns<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
