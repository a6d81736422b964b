import type { RoutePolicy } from '@secureconnect/degraded-mode';
import type { Sample, Samples } from '@secureconnect/testkit';
import { authSamples } from '../../services/auth/test/samples.ts';
import { chatSamples } from '../../services/chat/test/samples.ts';
import { storageSamples } from '../../services/storage/test/samples.ts';
import { videoSamples } from '../../services/video/test/samples.ts';
import type { ServiceName } from '../support/stack.ts';
import { rowName, type TableRow, tableRows } from './tables.ts';

/** One row with one of its samples. */
export interface Case {
  readonly service: ServiceName;
  readonly policy: RoutePolicy;
  readonly method: string;
  readonly sample: Sample;
}

const samplesOf: Readonly<Partial<Record<ServiceName, Samples>>> = {
  auth: authSamples,
  chat: chatSamples,
  video: videoSamples,
  storage: storageSamples,
};

/**
 * Every HTTP row with its samples, of the services whose rows are requests; the gateway passes them
 * on. Throws, naming them, when rows have none.
 */
export function httpCases(rows: readonly TableRow[] = tableRows()): Case[] {
  const missing: string[] = [];
  const cases = rows
    .filter(({ kind, service }) => kind === 'http' && service !== 'gateway')
    .flatMap((tableRow) => {
      const { service, policy, method } = tableRow;
      const own = samplesOf[service]?.[policy.route];
      if (own === undefined) missing.push(rowName(tableRow));
      const all = own === undefined ? [] : Array.isArray(own) ? own : [own];
      return all.map((sample: Sample) => ({ service, policy, method, sample }));
    });
  if (missing.length > 0) throw new Error(`rows without a sample: ${missing.join(', ')}`);
  return cases;
}
