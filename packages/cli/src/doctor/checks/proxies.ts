import type { Check } from '../check.ts';
import { fail, type Problem, verdict } from '../outcome.ts';
import type { Settings } from '../settings.ts';

/** Names of ranges that contain clients behind a proxy that translates addresses. */
const wideNames = ['uniquelocal', 'linklocal'];
/** A wider range is no list of proxies; the gateway itself warns of the same (docs/limits.md). */
const widestV4 = 16;
const widestV6 = 48;

/** Nobody but the proxies in front chooses the address that limits count. */
export const proxiesCheck: Check = {
  name: 'proxies',
  finds: 'GATEWAY_TRUSTED_PROXIES that include clients, and TRUSTED_PROXIES that include everybody',
  source: 'limits.md#addresses',
  async run({ settings }) {
    const wide = settings.list('GATEWAY_TRUSTED_PROXIES').filter(isWide);
    const problems: Problem[] = [];
    if (wide.length > 0) {
      problems.push(
        fail(
          `GATEWAY_TRUSTED_PROXIES has ${wide.join(', ')}`,
          'the addresses of the proxies alone: clients in it choose the address that limits count',
          'List the addresses of the load balancer.',
        ),
      );
    }
    problems.push(...everybody(settings));
    const count = settings.list('GATEWAY_TRUSTED_PROXIES').length;
    return verdict(
      problems,
      count === 0 ? 'the gateway trusts no proxy' : `${count} narrow entries`,
    );
  },
};

/** The services are reached by the gateway alone, so its private networks are fine there. */
function everybody(settings: Settings): Problem[] {
  const all = settings
    .list('TRUSTED_PROXIES')
    .filter((entry) => entry.endsWith('/0') || isWideRange(entry));
  if (all.length === 0) return [];
  return [
    fail(
      `TRUSTED_PROXIES has ${all.join(', ')}`,
      'the network of the gateway',
      'List that network, or leave the variable out: private networks are trusted then.',
    ),
  ];
}

function isWide(entry: string): boolean {
  return wideNames.includes(entry) || isWideRange(entry, { isPrivateToo: true });
}

/** Private ranges that TRUSTED_PROXIES may name as a whole. */
const privateRange =
  /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|127\.|169\.254\.|f[cd]|fe80)/i;

function isWideRange(entry: string, { isPrivateToo = false } = {}): boolean {
  const [address = '', bits] = entry.split('/');
  if (bits === undefined || (!isPrivateToo && privateRange.test(address))) return false;
  return Number(bits) < (address.includes(':') ? widestV6 : widestV4);
}
