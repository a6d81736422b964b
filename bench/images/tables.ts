import { digits, ratio, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import { type Service, type Size, services, type Way } from './build.ts';

export interface ImageResults {
  /** Of our images. */
  readonly sizes: Readonly<Record<Service, Size>>;
  /** Of the conventional image of gateway. */
  readonly conventional: Size;
  /** Seconds of each rebuild of gateway's image after one line was changed. */
  readonly rebuilds: Readonly<Record<Way, readonly number[]>>;
  readonly machine: string;
}

const megabytes = (bytes: number): string => `${digits(Math.round(bytes / 1e6))} MB`;

/** The whole section of the document. */
export function imageTables({ sizes, conventional, rebuilds, machine }: ImageResults): string {
  const { gateway } = sizes;
  const ours = median(rebuilds.ours);
  const theirs = median(rebuilds.conventional);
  return [
    `Medians of ${rebuilds.ours.length} rebuilds on ${machine}.`,
    table(
      ['image of gateway', 'rebuild after a one-line change', 'size', 'on top of Node'],
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
        const { all, own } = sizes[service];
        return [service, megabytes(all), megabytes(own)];
      }),
    ),
  ].join('\n\n');
}
