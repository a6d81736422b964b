import { judgeCertificate } from '../certificates/judge-certificate.ts';
import { type FoundCertificate, findCertificates } from '../certificates/places.ts';
import type { Check } from '../check.ts';
import { skipped, verdict } from '../outcome.ts';

/** Every TLS certificate that clients and services rely on is trusted, and is renewed in time. */
export const certificatesCheck: Check = {
  name: 'certificates',
  finds: 'certificates that have ended, will end soon, or are not trusted',
  source: 'https://letsencrypt.org/docs/integration-guide/',
  async run(deployment) {
    const found = await findCertificates(deployment);
    if (found.length === 0) return skipped('no address here uses TLS');
    // A server that does not answer is reported by its own check.
    const read = found.flatMap(({ certificate, where }) =>
      typeof certificate === 'string' ? [] : [{ certificate, where }],
    );
    if (read.length === 0) {
      return skipped(`no certificate can be read: ${found.map(reasonOf).join('; ')}`);
    }
    const problems = read.flatMap(
      ({ certificate, where }) => judgeCertificate(where, certificate, Date.now()) ?? [],
    );
    const unread = found.length > read.length ? `; ${found.length - read.length} not read` : '';
    return verdict(problems, `${read.length} certificates, none near its end${unread}`);
  },
};

const reasonOf = ({ certificate, where }: FoundCertificate): string =>
  `${where}: ${typeof certificate === 'string' ? certificate : ''}`;
