export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body where it is JSON; its shape is what the test is about. */
  readonly body: {
    readonly success?: boolean;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly error?: {
      readonly code: string;
      readonly message: string;
      readonly details?: readonly { readonly field: string }[];
    };
  };
}

export interface CallOptions {
  readonly body?: unknown;
  readonly bytes?: Buffer;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request; a `body` goes as JSON, text as it is. */
export async function call(
  url: string,
  method: string,
  path: string,
  { body, bytes, token, headers }: CallOptions = {},
): Promise<Reply> {
  const json = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: json }),
    ...(bytes === undefined ? {} : { body: bytes }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : {},
  };
}
