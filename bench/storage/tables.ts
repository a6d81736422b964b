import { digits, milliseconds, ratio, table } from '../support/markdown.ts';
import type { Throughput } from './measure.ts';
import { type WayName, wayNames } from './ways.ts';

export interface StorageResults {
  readonly sizes: readonly number[];
  /** Medians by way and size in bytes. */
  readonly figures: ReadonlyMap<WayName, ReadonlyMap<number, Throughput>>;
  /** Requests a second of upload-url, by where files are. */
  readonly asking: readonly { readonly store: string; readonly perSecond: number }[];
  readonly runs: number;
  readonly machine: string;
}

/** How the names of our own ways end. */
const ours = 'presigned';

/** The whole section of the document. */
export function storageTables(results: StorageResults): string {
  const { sizes, asking, runs, machine } = results;
  const head = [
    ...['object', 'access', 'upload MB/s', 'download MB/s'],
    ...['CPU of the server, an upload', 'a download'],
  ];
  const told = asking.map(
    ({ store, perSecond }) => `${digits(Math.round(perSecond))} requests/s with files in ${store}`,
  );
  return [
    `Medians of ${runs} ${runs === 1 ? 'run' : 'runs'} on ${machine}.`,
    table(
      head,
      sizes.flatMap((size) => rowsOf(results, size)),
    ),
    `upload-url, 16 users who each wait for their reply: ${told.join(', ')}.`,
  ].join('\n\n');
}

function rowsOf({ figures }: StorageResults, size: number): string[][] {
  const measured = wayNames.flatMap((name) => {
    const one = figures.get(name)?.get(size);
    return one === undefined ? [] : [{ name, ...one }];
  });
  return measured.flatMap((one, index) => {
    const { uploadBytesPerSecond: upload, downloadBytesPerSecond: download } = one;
    const cpu = [milliseconds(one.uploadCpuMs), milliseconds(one.downloadCpuMs)];
    const row = [sizeText(size), one.name, megabytes(upload), megabytes(download), ...cpu];
    if (!one.name.endsWith(ours)) return [row];
    const [store] = one.name.split(', ');
    const peers = measured.slice(0, index).filter(({ name }) => name.startsWith(`${store},`));
    const ratios = peers.map((peer) => [
      '',
      `${ours} ÷ ${peer.name.slice(`${store}, `.length)}`,
      ratio(upload / peer.uploadBytesPerSecond),
      ratio(download / peer.downloadBytesPerSecond),
      ratio(one.uploadCpuMs / peer.uploadCpuMs),
      ratio(one.downloadCpuMs / peer.downloadCpuMs),
    ]);
    return [row, ...ratios];
  });
}

function megabytes(bytesPerSecond: number): string {
  return digits(bytesPerSecond / 1e6);
}

function sizeText(bytes: number): string {
  return bytes >= 1e6 ? `${digits(bytes / 1e6)} MB` : `${digits(bytes / 1e3)} kB`;
}
