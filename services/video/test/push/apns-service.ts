import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';

export type ApnsAnswer =
  | {
      readonly status: number;
      readonly reason?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'hang'
  /** From then on the connection is dead: no request on it is answered. */
  | 'silence'
  | 'goaway';

export interface ApnsRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly body: any;
}

/** APNs over HTTP/2 with token-based authentication, as Apple's documentation has it. */
export interface ApnsService extends AsyncDisposable {
  readonly environment: NodeJS.ProcessEnv;
  readonly requests: readonly ApnsRequest[];
  /** Why requests were answered 400. */
  readonly complaints: readonly string[];
  readonly connections: () => number;
  /** The next answers; afterwards 200. */
  answer(...answers: ApnsAnswer[]): void;
}

const keyId = 'ABC123DEFG';
const teamId = 'DEF123GHIJ';
export const topic = 'com.example.secureconnect';

export async function startApnsService(): Promise<ApnsService> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const requests: ApnsRequest[] = [];
  const complaints: string[] = [];
  const answers: ApnsAnswer[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const silent = new WeakSet<Http2Session>();
  let connections = 0;
  const server = createServer();
  server.on('session', (session) => {
    connections += 1;
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', async (stream, headers) => {
    // A client that gives up resets its stream; the test sees that at the client.
    stream.on('error', () => undefined);
    const { session } = stream;
    if (session !== undefined && answers[0] === 'silence') {
      answers.shift();
      silent.add(session);
    }
    if (session !== undefined && silent.has(session)) return;
    try {
      const body = JSON.parse(await text(stream));
      const token = String(headers.authorization).replace(/^bearer /, '');
      const { protectedHeader } = await jwtVerify(token, publicKey, {
        algorithms: ['ES256'],
        issuer: teamId,
        maxTokenAge: '1 hour',
      });
      checkRequest(headers, body, protectedHeader.kid);
      requests.push({ path: String(headers[':path']), headers, body });
      answerWith(stream, answers.shift() ?? { status: 200 });
    } catch (error) {
      complaints.push(String(error));
      answerWith(stream, { status: 400, reason: 'BadMessage' });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'apns-'));
  const file = join(folder, 'apns.p8');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return {
    environment: {
      APNS_KEY_FILE: file,
      APNS_KEY_ID: keyId,
      APNS_TEAM_ID: teamId,
      APNS_TOPIC: topic,
      APNS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    requests,
    complaints,
    connections: () => connections,
    answer: (...next) => void answers.push(...next),
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

function answerWith(stream: ServerHttp2Stream, answer: ApnsAnswer): void {
  if (answer === 'hang' || answer === 'silence' || stream.destroyed) return;
  if (answer === 'goaway') {
    stream.session?.goaway();
    stream.respond({ ':status': 200 });
    stream.end();
    return;
  }
  const { status, reason, headers = {} } = answer;
  stream.respond({ ':status': status, ...headers });
  stream.end(reason === undefined ? '' : JSON.stringify({ reason, timestamp: Date.now() }));
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns */
function checkRequest(
  headers: IncomingHttpHeaders,
  // biome-ignore lint/suspicious/noExplicitAny: anything may have been sent
  body: any,
  kid: string | undefined,
): void {
  const complain = (what: string, found: unknown): never => {
    throw new Error(`${what} is ${String(found)}`);
  };
  if (headers[':method'] !== 'POST') complain('the method', headers[':method']);
  if (!/^\/3\/device\/[0-9a-f]{64,}$/.test(String(headers[':path']))) {
    complain('the path', headers[':path']);
  }
  if (kid !== keyId) complain('the key', kid);
  if (headers['apns-topic'] !== topic) complain('the topic', headers['apns-topic']);
  if (headers['apns-push-type'] !== 'alert') complain('the type', headers['apns-push-type']);
  if (!['5', '10'].includes(String(headers['apns-priority']))) {
    complain('the priority', headers['apns-priority']);
  }
  if (!/^\d{10}$/.test(String(headers['apns-expiration']))) {
    complain('the expiration', headers['apns-expiration']);
  }
  if (Buffer.byteLength(String(headers['apns-collapse-id'])) > 64)
    complain('the collapse id', 'long');
  if (!uuid.test(String(headers['apns-id']))) complain('the id', headers['apns-id']);
  if (typeof body.aps.alert !== 'object') complain('the alert', body.aps.alert);
}
