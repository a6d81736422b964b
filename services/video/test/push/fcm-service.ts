import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';

export interface FcmAnswer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FcmRequest {
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly body: any;
}

/** The token service of Google and the HTTP v1 API of FCM, as their documentation has them. */
export interface FcmService extends AsyncDisposable {
  /** Video with this service account. */
  readonly environment: { readonly FCM_SERVICE_ACCOUNT_FILE: string; readonly FCM_URL: string };
  /** The messages so far. Requests that break the documented form are answered 400 and not here. */
  readonly messages: readonly FcmRequest[];
  /** Why requests were answered 400. */
  readonly complaints: readonly string[];
  readonly tokensGiven: () => number;
  /** The next answers of `messages:send`; afterwards 200. */
  answer(...answers: FcmAnswer[]): void;
  /** The next answers of the token service; afterwards a token. */
  answerTokens(...answers: FcmAnswer[]): void;
}

const projectId = 'secureconnect-test';
const clientEmail = `push@${projectId}.iam.gserviceaccount.com`;
const keyId = 'a1b2c3d4e5f6';

export async function startFcmService(): Promise<FcmService> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const messages: FcmRequest[] = [];
  const complaints: string[] = [];
  const answers: FcmAnswer[] = [];
  const tokenAnswers: FcmAnswer[] = [];
  const valid = new Set<string>();
  let url = '';
  const server = createServer(async (request, response) => {
    const reply = ({ status, body = {}, headers = {} }: FcmAnswer): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    const body = await text(request);
    try {
      if (request.method !== 'POST') throw new Error(`the method is ${request.method}`);
      if (request.url === '/token') {
        await checkTokenRequest(body, request.headers, { publicKey, audience: `${url}/token` });
        const token = `ya29.token-${valid.size}`;
        valid.add(token);
        const given = { access_token: token, expires_in: 3599, token_type: 'Bearer' };
        return reply(tokenAnswers.shift() ?? { status: 200, body: given });
      }
      if (request.url !== `/v1/projects/${projectId}/messages:send`) {
        throw new Error(`the path is ${request.url}`);
      }
      const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
      if (!valid.has(token)) return reply({ status: 401, body: fcmError('UNAUTHENTICATED') });
      const parsed = JSON.parse(body);
      checkMessage(parsed, request.headers);
      messages.push({ headers: request.headers, body: parsed });
      const name = `projects/${projectId}/messages/0:1500415314455276%31bd1c9631bd1c96`;
      reply(answers.shift() ?? { status: 200, body: { name } });
    } catch (error) {
      complaints.push(String(error));
      reply({ status: 400, body: fcmError('INVALID_ARGUMENT') });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'fcm-'));
  const file = join(folder, 'fcm.json');
  const account = {
    type: 'service_account',
    project_id: projectId,
    private_key_id: keyId,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: clientEmail,
    client_id: '112233445566778899000',
    token_uri: `${url}/token`,
  };
  await writeFile(file, JSON.stringify(account), { mode: 0o600 });
  return {
    environment: { FCM_SERVICE_ACCOUNT_FILE: file, FCM_URL: url },
    messages,
    complaints,
    tokensGiven: () => valid.size,
    answer: (...next) => void answers.push(...next),
    answerTokens: (...next) => void tokenAnswers.push(...next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** An error of a Google API; with a code of FCM in its details. */
export function fcmError(status: string, errorCode?: string): object {
  const type = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
  const details = errorCode === undefined ? [] : [{ '@type': type, errorCode }];
  return { error: { code: 0, message: 'an error', status, details } };
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
async function checkTokenRequest(
  body: string,
  headers: IncomingHttpHeaders,
  { publicKey, audience }: { readonly publicKey: KeyObject; readonly audience: string },
): Promise<void> {
  const form = new URLSearchParams(body);
  requireEqual(headers['content-type'], 'application/x-www-form-urlencoded');
  requireEqual(form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
  const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
    algorithms: ['RS256'],
    issuer: clientEmail,
    audience,
    maxTokenAge: '1 minute',
  });
  requireEqual(protectedHeader.kid, keyId);
  requireEqual(payload['scope'], 'https://www.googleapis.com/auth/firebase.messaging');
  const lifetime = (payload.exp ?? 0) - (payload.iat ?? 0);
  if (lifetime <= 0 || lifetime > 3600) throw new Error(`the assertion lives for ${lifetime} s`);
}

/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
function checkMessage(
  // biome-ignore lint/suspicious/noExplicitAny: anything may have been sent
  body: any,
  headers: IncomingHttpHeaders,
): void {
  requireEqual(headers['content-type'], 'application/json');
  requireEqual(Object.keys(body).join(), 'message');
  const { message } = body;
  requireEqual(Object.keys(message).toSorted().join(), 'android,data,token');
  for (const value of Object.values(message.data)) requireEqual(typeof value, 'string');
  const { ttl, priority } = message.android;
  if (!/^\d+(\.\d{1,9})?s$/.test(ttl)) throw new Error(`the ttl is ${ttl}`);
  if (!['HIGH', 'NORMAL'].includes(priority)) throw new Error(`the priority is ${priority}`);
}

function requireEqual(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`found ${String(found)}, expected ${String(expected)}`);
}
