import type { IncomingMessage } from 'node:http';
import type { Express, Request } from 'express';
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

/** The sender of a request that went through the app. */
export function senderOf(request: Request): Sender {
  const isTrusted: TrustProxy = request.app.get('trust proxy fn');
  // Express 5 has no `host` if the client sent none, whatever its types say.
  const host: string | undefined = request.host;
  // A proxy may pass on whatever the client has written there.
  const protocol = request.protocol.toLowerCase() === 'https' ? 'https' : 'http';
  return { address: clientAddress(request, isTrusted), protocol, host };
}

/**
 * Tells the sender of an upgrade, which never goes through the app: its socket and headers are
 * read by the app's own rules for trusted proxies.
 */
export function senderOfUpgrade(app: Express): (incoming: IncomingMessage) => Sender {
  return ({ socket, headers }) => {
    const request: Request = Object.create(app.request, {
      socket: { value: socket },
      connection: { value: socket },
      headers: { value: headers },
    });
    return senderOf(request);
  };
}
