import { CannotLook } from '../outcome.ts';

/** One transport of a TURN server, of a URL of RFC 7065. */
export interface TurnServer {
  /** As it stands in TURN_URLS. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

const defaultPort = 3478;
const defaultTlsPort = 5349;

/** Throws CannotLook if it is no URL of TURN. */
export function readTurnUrl(url: string): TurnServer {
  const match =
    /^(turns?):(\[[\da-f:.]{2,45}\]|[^:?\s[]{1,255})(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(
      url,
    );
  const [, scheme, host, port, asked] = match ?? [];
  if (host === undefined) throw new CannotLook('TURN_URLS has an entry that is no turn: URL');
  const isTls = scheme?.toLowerCase() === 'turns';
  const transport = isTls ? 'tls' : asked?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  return {
    ...{ url, transport, host: host.replace(/^\[(.*)\]$/, '$1') },
    port: port === undefined ? (isTls ? defaultTlsPort : defaultPort) : Number(port),
  };
}
