import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import tls from 'node:tls';
import type { WebPushAddress } from '@secureconnect/contracts';
import { eventually, makeCertificates } from '@secureconnect/testkit';
import type { z } from 'zod';
import { decryptPush } from './decrypt-push.ts';

/** A push as the service got it. */
export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Encrypted. */
  readonly body: Buffer;
}

/** How the service answers: a status, or never. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'hang';

/** A browser's subscription at the service. */
export interface Subscription {
  readonly address: z.infer<typeof WebPushAddress>;
  /** The pushes so far, in their order. */
  received(): readonly ReceivedPush[];
  /** The data of the pushes so far, decrypted. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  data(): any[];
  /** Resolves when that many pushes have come. */
  hasGot(count: number, timeoutMs?: number): Promise<void>;
}

/** A push service over HTTPS on loopback, whose certificate this process trusts. */
export interface WebPushService extends AsyncDisposable {
  /** As WEB_PUSH_HOSTS names it. */
  readonly host: string;
  /** The authority of its certificate, for other processes. */
  readonly caFile: string;
  subscribe(): Subscription;
  /** The answers to the next pushes to a subscription; afterwards 201. */
  answer(subscription: Subscription, ...answers: Answer[]): void;
}

export async function startWebPushService(): Promise<WebPushService> {
  const certificates = await makeCertificates();
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, await readFile(certificates.ca, 'utf8')]);
  const received: ReceivedPush[] = [];
  const answers = new Map<string, Answer[]>();
  const [key, cert] = await Promise.all([
    readFile(certificates.server.key),
    readFile(certificates.server.cert),
  ]);
  const server = createServer({ key, cert }, async (request, response) => {
    const path = request.url ?? '';
    received.push({ path, headers: request.headers, body: await buffer(request) });
    const answer = answers.get(path)?.shift() ?? { status: 201 };
    if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    caFile: certificates.ca,
    subscribe: () => newSubscription(host, received),
    answer: ({ address }, ...next) => void answers.set(new URL(address.endpoint).pathname, next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      tls.setDefaultCACertificates(trusted);
      await certificates[Symbol.asyncDispose]();
    },
  };
}

function newSubscription(host: string, all: readonly ReceivedPush[]): Subscription {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const auth = randomBytes(16);
  const path = `/push/${randomUUID()}`;
  const received = () => all.filter((push) => push.path === path);
  return {
    address: {
      kind: 'web',
      endpoint: `https://${host}${path}`,
      keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') },
    },
    received,
    data: () => received().map(({ body }) => JSON.parse(decryptPush({ ecdh, auth }, body))),
    hasGot: (count, timeoutMs = 8000) =>
      eventually(
        async () => {
          const { length } = received();
          if (length < count) throw new Error(`${length} of ${count} pushes have come`);
        },
        { timeoutMs },
      ),
  };
}
