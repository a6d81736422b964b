import {
  certificateExplanations,
  connectionExplanations,
  type Explanations,
  explain,
  hostNameExplanations,
  noteRemedy,
} from '@secureconnect/service';
import type { SfuConfig } from './sfu-config.ts';
import type { SfuFailure } from './sfu-failure.ts';

const address = 'Check that the LiveKit server runs there, and SFU_API_URL, or SFU_URL without it.';
const name =
  'Correct the host in SFU_API_URL, or in SFU_URL without it, or the DNS of this machine.';

/** Codes of SfuFailure, in the words of docs/troubleshooting.md. */
export const sfuExplanations: Explanations = {
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
  ...connectionExplanations(address),
  UND_ERR_CONNECT_TIMEOUT: { problem: 'the connection timed out', remedy: address },
  ...hostNameExplanations(name),
  ERR_SSL_WRONG_VERSION_NUMBER: {
    problem: 'the server does not offer TLS',
    remedy: 'Begin SFU_API_URL with http://, or set TLS up on the server.',
  },
  ...certificateExplanations({ authority: 'NODE_EXTRA_CA_CERTS', host: 'SFU_API_URL' }),
};

/**
 * Notes one line about a failure, without the key: `LiveKit server at http://sfu:7880: the connection
 * was refused (ECONNREFUSED). …`. Returns the failure.
 */
export function noteSfuRemedy(
  failure: SfuFailure,
  { apiUrl }: Pick<SfuConfig, 'apiUrl'>,
): SfuFailure {
  const place = `LiveKit server at ${apiUrl}`;
  noteRemedy(failure, explain(sfuExplanations, { code: failure.code, place }));
  return failure;
}
