/** What went wrong, as the envelope of a reply says it. */
export interface ReplyError {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly field: string; readonly message: string }[];
}

/** A reply of a service. `Data` is the shape of what it carries, which is what a test is about. */
export interface Reply<Data = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    readonly success?: boolean;
    readonly data?: Data;
    readonly error?: ReplyError;
    readonly meta?: { readonly degraded?: readonly string[] };
  };
}

export interface CallOptions {
  /** Sent as JSON; text is sent as it is, and said to be JSON. */
  readonly body?: unknown;
  /** Sent as they are, without a content type. */
  readonly bytes?: Buffer;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The reply may be anything: unless it says that it is JSON, `body` is empty. */
  readonly anyReply?: true;
}

/** Sends a request to `url` + `path`. Throws when the reply is not JSON. */
export async function call<Data = Readonly<Record<string, unknown>>>(
  url: string,
  method: string,
  path: string,
  { body, bytes, token, headers, signal, anyReply }: CallOptions = {},
): Promise<Reply<Data>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(bytes === undefined ? {} : { body: bytes }),
  });
  const text = await response.text();
  const reply = { status: response.status, headers: response.headers, text };
  if (anyReply && (text === '' || !isJson(response))) return { ...reply, body: {} };
  try {
    return { ...reply, body: JSON.parse(text) };
  } catch {
    throw new Error(`${method} ${path} answered ${reply.status} without JSON: ${text}`);
  }
}

function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/json') === true;
}
