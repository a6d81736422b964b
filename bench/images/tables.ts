import { digits, ratio, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import { type Service, services, type Way, ways } from './build.ts';

export interface ImageResults {
  /** Bytes, by service, of our images; by way, of gateway's. */
  readonly sizes: ReadonlyMap<Service, Size>;
  readonly conventional: Size;
  /** Seconds of each rebuild of gateway's image after one line was changed. */
  readonly rebuilds: ReadonlyMap<Way, readonly number[]>;
  readonly machine: string;
}

export interface Size {
  readonly all: number;
  /** On top of the image of Node. */
  readonly own: number;
}

const megabytes = (bytes: number): string => `${digits(Math.round(bytes / 1e6))} MB`;

/** The whole section of the document. */
export function imageTables({ sizes, conventional, rebuilds, machine }: ImageResults): string {
  const runs = rebuilds.get('ours')?.length ?? 0;
  const [ours = Number.NaN, theirs = Number.NaN] = ways.map((way) =>
    median(rebuilds.get(way) ?? []),
  );
  const gateway = sizes.get('gateway') ?? { all: Number.NaN, own: Number.NaN };
  return [
    `Medians of ${runs} rebuilds on ${machine}.`,
    table(
      ['image of gateway', 'rebuild after one line', 'size', 'on top of Node'],
      [
        ['ours', `${digits(ours)} s`, megabytes(gateway.all), megabytes(gateway.own)],
        [
          'conventional',
          `${digits(theirs)} s`,
          megabytes(conventional.all),
          megabytes(conventional.own),
        ],
        [
          'conventional ÷ ours',
          ratio(theirs / ours),
          ratio(conventional.all / gateway.all),
          ratio(conventional.own / gateway.own),
        ],
      ],
    ),
    table(
      ['our image', 'size', 'on top of Node'],
      services.map((service) => {
        const { all, own } = sizes.get(service) ?? gateway;
        return [service, megabytes(all), megabytes(own)];
      }),
    ),
  ].join('\n\n');
}
