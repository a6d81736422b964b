import { noteRemedy } from '@secureconnect/service';
import type { SfuConfig } from './sfu-config.ts';
import type { SfuFailure } from './sfu-failure.ts';

export interface SfuExplanation {
  readonly problem: string;
  readonly remedy: string;
}

const address = 'Check that the LiveKit server runs there, and SFU_API_URL, or SFU_URL without it.';
const name =
  'Correct the host in SFU_API_URL, or in SFU_URL without it, or the DNS of this machine.';
const authority = 'Name the authority of the server in NODE_EXTRA_CA_CERTS.';

/** Codes of SfuFailure, in the words of docs/troubleshooting.md. */
export const sfuExplanations: Readonly<Record<string, SfuExplanation>> = {
  HTTP_401: {
    problem: 'the key or its secret was refused, or the clocks differ',
    remedy:
      'Correct SFU_API_KEY and SFU_API_SECRET, which the server has in its setting keys; both clocks should follow NTP.',
  },
  HTTP_404: {
    problem: 'the server is no LiveKit server',
    remedy: address,
  },
  TIMEOUT: { problem: 'the server did not answer in time', remedy: address },
  ECONNREFUSED: { problem: 'the connection was refused', remedy: address },
  ECONNRESET: { problem: 'the connection was closed', remedy: address },
  ETIMEDOUT: { problem: 'the connection timed out', remedy: address },
  UND_ERR_CONNECT_TIMEOUT: { problem: 'the connection timed out', remedy: address },
  EHOSTUNREACH: { problem: 'the host is unreachable', remedy: address },
  ENETUNREACH: { problem: 'the network is unreachable', remedy: address },
  ENOTFOUND: { problem: 'the host name does not resolve', remedy: name },
  EAI_AGAIN: { problem: 'the host name could not be looked up', remedy: name },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    problem: 'the server does not offer TLS',
    remedy: 'Begin SFU_API_URL with http://, or set TLS up on the server.',
  },
  CERT_HAS_EXPIRED: {
    problem: 'the certificate has expired',
    remedy: 'Renew it, or correct the clock.',
  },
  CERT_NOT_YET_VALID: {
    problem: 'the certificate is not valid yet',
    remedy: 'Correct the clock.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: { problem: 'the certificate is not trusted', remedy: authority },
  DEPTH_ZERO_SELF_SIGNED_CERT: { problem: 'the certificate is not trusted', remedy: authority },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { problem: 'the certificate is not trusted', remedy: authority },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: 'the certificate is for a different host',
    remedy: 'Use a host in SFU_API_URL that the certificate names.',
  },
};

/**
 * Notes one line about a failure, without the key: `LiveKit server at http://sfu:7880: the connection
 * was refused (ECONNREFUSED). …`. Returns the failure.
 */
export function noteSfuRemedy(
  failure: SfuFailure,
  { apiUrl }: Pick<SfuConfig, 'apiUrl'>,
): SfuFailure {
  const { code } = failure;
  if (!Object.hasOwn(sfuExplanations, code)) return failure;
  const { problem, remedy } = sfuExplanations[code] as SfuExplanation;
  noteRemedy(failure, `LiveKit server at ${apiUrl}: ${problem} (${code}). ${remedy}`);
  return failure;
}
