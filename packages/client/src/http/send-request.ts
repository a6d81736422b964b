import { type ErrorDetail, LostReplyError, type Refusal, RefusedError } from './errors.ts';

/** A request as it is sent, once. */
export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly data: unknown;
  /** The ports that used a fallback. */
  readonly degraded: readonly string[];
  /** When the server has answered, by its clock, in milliseconds since 1970. */
  readonly serverMs: number;
}

interface Envelope {
  readonly data: unknown;
  readonly meta: { readonly timestamp: string; readonly degraded?: readonly string[] };
}

export type Fetch = typeof globalThis.fetch;

/**
 * Sends a request, and reads the envelope of its reply.
 * @throws RefusedError where the server answers with an error
 * @throws LostReplyError where no whole reply arrives
 * @throws the reason of the signal, where that aborts
 */
export async function sendRequest(fetch: Fetch, request: PlainRequest): Promise<Reply> {
  const { response, text } = await exchange(fetch, request, (response) => response.text());
  const body = objectIn(text);
  if (response.ok && body?.['success'] === true) {
    const { data, meta } = body as unknown as Envelope;
    return { data, degraded: meta.degraded ?? [], serverMs: Date.parse(meta.timestamp) };
  }
  throw new RefusedError(refusalOf(response, body));
}

/**
 * Opens a reply that is no envelope, such as a list of lines, whose body the caller reads.
 * @throws as {@link sendRequest}
 */
export async function openReply(fetch: Fetch, request: PlainRequest): Promise<Response> {
  const read = async (response: Response) => (response.ok ? '' : response.text());
  const { response, text } = await exchange(fetch, request, read);
  if (response.ok) return response;
  throw new RefusedError(refusalOf(response, objectIn(text)));
}

async function exchange(
  fetch: Fetch,
  { method, url, token, body, signal }: PlainRequest,
  read: (response: Response) => Promise<string>,
): Promise<{ readonly response: Response; readonly text: string }> {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    const response = await fetch(url, { method, headers, signal, ...content });
    return { response, text: await read(response) };
  } catch (cause) {
    signal.throwIfAborted();
    throw new LostReplyError(`no reply to ${method} ${new URL(url).pathname}`, { cause });
  }
}

/** Proxies on the way answer with other things than JSON. */
function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly ErrorDetail[];
}

/** An error is an object in the envelope, and a text in the replies of the degraded mode. */
function refusalOf(
  { status, headers }: Response,
  body: Readonly<Record<string, unknown>> | undefined,
): Refusal {
  const error = body?.['error'];
  const isText = typeof error === 'string';
  const inner: ErrorBody = isText ? {} : ((error ?? {}) as ErrorBody);
  const code = inner.code ?? (isText && status === 503 ? error : codesOf[status]);
  const message = inner.message ?? body?.['message'] ?? `the server answered ${status}`;
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  return {
    status,
    code: code ?? 'UNKNOWN',
    message: String(message),
    details: inner.details ?? [],
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
  };
}

/** For replies that are not the envelope. */
const codesOf: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};
