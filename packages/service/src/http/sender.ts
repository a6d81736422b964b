import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { clientAddress, type TrustProxy } from './client-address.ts';

/** Where a request came from, as far as the trusted proxies in front of this process say. */
export interface Sender {
  /** Canonical; see `clientAddress`. */
  readonly address: string;
  /** `http` or `https`. */
  readonly protocol: 'http' | 'https';
  /** The host that the client asked for, with its port. */
  readonly host: string | undefined;
}

/** The sender of a request or of an upgrade. */
export function senderOf(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  isTrusted: TrustProxy,
): Sender {
  const address = clientAddress({ socket, headers }, isTrusted);
  const isPeerTrusted = isTrusted(socket.remoteAddress ?? '', 0);
  const given = (name: string) => (isPeerTrusted ? firstOf(headers[name]) : '');
  // A proxy may pass on whatever the client has written there.
  const protocol = given('x-forwarded-proto').toLowerCase();
  const isSecure = protocol === '' ? socket instanceof TLSSocket : protocol === 'https';
  const host = given('x-forwarded-host') || headers.host || undefined;
  return { address, protocol: isSecure ? 'https' : 'http', host };
}

/** Node has joined several lines. */
function firstOf(header: string | string[] | undefined): string {
  return (
    String(header ?? '')
      .split(',', 1)[0]
      ?.trim() ?? ''
  );
}
