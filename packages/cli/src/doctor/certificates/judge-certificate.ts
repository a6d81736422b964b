import { fail, type Problem, warn } from '../outcome.ts';
import type { ShownCertificate } from './read-certificate.ts';

const msOfADay = 86_400_000;
/**
 * Let's Encrypt advises to renew when a third of the lifetime is left. With a sixth left, renewals
 * have failed for half of that time; the longest of certificates need no more than 20 days.
 */
const warnShare = 1 / 6;
const warnDays = 20;
/** What a person needs to renew by hand, and half of the above for short-lived certificates. */
const failShare = 1 / 12;
const failDays = 3;

/** What is wrong with a certificate at a time; undefined if nothing is. */
export function judgeCertificate(
  where: string,
  { distrust, validFromMs, validUntilMs }: ShownCertificate,
  nowMs: number,
): Problem | undefined {
  const renew = 'Renew it, and look why it was not renewed by itself.';
  const until = new Date(validUntilMs).toISOString().slice(0, 10);
  if (nowMs >= validUntilMs) return fail(`${where} has ended on ${until}`, 'a valid one', renew);
  if (nowMs < validFromMs) {
    const from = new Date(validFromMs).toISOString();
    return fail(`${where} begins at ${from}`, 'a valid one', 'Correct the clocks, or wait.');
  }
  if (distrust !== undefined) {
    return fail(
      `${where} is not trusted here: ${distrust}`,
      'a certificate for this host of an authority that the services trust',
      'Serve the whole chain for this host, or name the authority (REDIS_TLS_CA, NODE_EXTRA_CA_CERTS).',
    );
  }
  const lifetimeMs = validUntilMs - validFromMs;
  const leftMs = validUntilMs - nowMs;
  const isNear = (share: number, days: number) =>
    leftMs < Math.min(lifetimeMs * share, days * msOfADay);
  if (!isNear(warnShare, warnDays)) return undefined;
  const left =
    leftMs < msOfADay ? 'in less than a day' : `in ${Math.floor(leftMs / msOfADay)} days`;
  const severity = isNear(failShare, failDays) ? fail : warn;
  return severity(
    `${where} ends ${left}, on ${until}`,
    'a certificate that is renewed in time',
    renew,
  );
}
