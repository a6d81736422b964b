import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type PeerCertificate } from 'node:tls';

const timeoutMs = 4000;
/** PostgreSQL's SSLRequest: length 8 and code 80877103; the server answers S or N. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** What a server shows of itself at a TLS handshake. */
export interface ShownCertificate {
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** Why Node.js would not accept it; undefined if it would. */
  readonly distrust: string | undefined;
}

export interface TlsPlace {
  readonly host: string;
  readonly port: number;
  /** Further trusted authorities, PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the server is asked for TLS in the way of PostgreSQL first. */
  readonly isPostgres?: boolean;
}

/**
 * Reads the certificate of a server by a handshake, whether it is trusted or not; nothing is sent
 * over the connection. Undefined if a PostgreSQL has no TLS. Rejects without a handshake.
 */
export async function readCertificate(place: TlsPlace): Promise<ShownCertificate | undefined> {
  const { host, port, isPostgres = false, ...trust } = place;
  const signal = AbortSignal.timeout(timeoutMs);
  const options: ConnectionOptions = {
    ...trust,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // Only the certificate is wanted, an expired one above all.
    rejectUnauthorized: false,
  };
  const plain = isPostgres ? await acceptsTls(host, port, signal) : undefined;
  if (isPostgres && plain === undefined) return undefined;
  const socket = connectTls(
    plain === undefined ? { ...options, host, port } : { ...options, socket: plain },
  );
  try {
    await once(socket, 'secureConnect', { signal });
    return shown(socket.getPeerCertificate(), socket.authorizationError);
  } finally {
    socket.destroy();
    plain?.destroy();
  }
}

async function acceptsTls(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    socket.write(sslRequest);
    const [answer]: Buffer[] = await once(socket, 'data', { signal });
    if (answer?.toString() === 'S') return socket;
    socket.destroy();
    return undefined;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** `authorizationError` is the code of a failed verification; the types say Error. */
function shown(certificate: PeerCertificate, authorizationError: unknown): ShownCertificate {
  return {
    ...periodOf(certificate),
    distrust: authorizationError ? reasonIn(authorizationError) : undefined,
  };
}

function reasonIn(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message;
  return String(error);
}

/** When a certificate is valid, in milliseconds since 1970. */
export function periodOf(certificate: Pick<PeerCertificate, 'valid_from' | 'valid_to'>) {
  return {
    validFromMs: Date.parse(certificate.valid_from),
    validUntilMs: Date.parse(certificate.valid_to),
  };
}
