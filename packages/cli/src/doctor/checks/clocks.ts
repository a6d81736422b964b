import type { Check } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { fail, type Problem, skipped, verdict } from '../outcome.ts';
import type { Answer } from '../support/ask-http.ts';

/**
 * Times that two services compare are exact to a minute (packages/tokens/src/keys/key-times.ts);
 * clocks that NTP keeps differ by milliseconds. So this is where something is wrong, before it hurts.
 */
const maxDifferenceMs = 2000;
/** A header Date has whole seconds (RFC 9110, 5.6.7): its second may just have begun, or be over. */
const dateResolutionMs = 1000;

interface Clock {
  readonly name: string;
  /** Milliseconds; 0 within its resolution. */
  readonly aheadMs: number;
}

/** The clocks of Redis, PostgreSQL and the gateway show the time of this machine. */
export const clocksCheck: Check = {
  name: 'clocks',
  finds: 'a server whose clock differs by two seconds or more from the clock here',
  source: 'https://www.rfc-editor.org/rfc/rfc5905',
  async run(deployment) {
    const clocks = (
      await Promise.all([redis(deployment), database(deployment), gateway(deployment)])
    ).flat();
    if (clocks.length === 0) return skipped('no server told its time');
    const problems = clocks.filter(({ aheadMs }) => Math.abs(aheadMs) >= maxDifferenceMs);
    const names = clocks.map(({ name }) => name).join(', ');
    return verdict(problems.map(problemOf), `${names} agree with the clock here`);
  },
};

function problemOf({ aheadMs, name }: Clock): Problem {
  const seconds = Math.abs(aheadMs / 1000).toFixed(1);
  return fail(
    `${name} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock here`,
    'less than 2 s',
    'Run NTP (chrony) on that machine, and on this one.',
  );
}

async function redis({ redis: survey }: Deployment): Promise<Clock[]> {
  const { masters, replicas } = await survey().catch(() => ({ masters: [], replicas: [] }));
  return [...masters, ...replicas].flatMap(({ clockAheadMs: aheadMs, name }) =>
    typeof aheadMs === 'number' ? [{ name: `Redis ${name}`, aheadMs }] : [],
  );
}

async function database({ database: survey }: Deployment): Promise<Clock[]> {
  const found = await survey().catch(() => undefined);
  if (found === undefined || found.reason !== undefined) return [];
  return [{ name: 'PostgreSQL', aheadMs: found.clockAheadMs }];
}

async function gateway({ gateway: survey }: Deployment): Promise<Clock[]> {
  const found = await survey().catch(() => undefined);
  if (found === undefined || typeof found.ready === 'string') return [];
  const aheadMs = dateAheadMs(found.ready);
  return aheadMs === undefined ? [] : [{ name: 'the gateway', aheadMs }];
}

/** How far the second of a header Date is from here, in milliseconds; undefined without one. */
export function dateAheadMs({
  headers,
  middleMs,
}: Pick<Answer, 'headers' | 'middleMs'>): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(date)) return undefined;
  if (date > middleMs) return date - middleMs;
  return Math.min(0, date + dateResolutionMs - middleMs);
}
