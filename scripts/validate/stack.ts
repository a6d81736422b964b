/** The addresses of a running stack. The environment can set each. */
export interface Stack {
  readonly gateway: string;
  readonly auth: string;
  readonly chat: string;
  readonly video: string;
  readonly storage: string;
  /**
   * The possible addresses of the metrics of each service that uses Redis, by the service's name in
   * them. One address serves them: the gateway has its metrics on its own port or on a separate
   * one.
   */
  readonly metricsOf: Readonly<Record<string, readonly string[]>>;
}

export function stackFrom(environment: NodeJS.ProcessEnv): Stack {
  const url = (name: string, port: number): string =>
    environment[`${name}_URL`] ?? `http://127.0.0.1:${environment[`${name}_PORT`] ?? port}`;
  const gateway = url('GATEWAY', 8080);
  const auth = url('AUTH', 8081);
  const chat = url('CHAT', 8082);
  const video = url('VIDEO', 8083);
  const storage = url('STORAGE', 8084);
  const metricsOf = {
    'api-gateway': [gateway, url('METRICS', 9464)],
    'auth-service': [auth],
    'chat-service': [chat],
    'video-service': [video],
  };
  return { gateway, auth, chat, video, storage, metricsOf };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export interface Request {
  readonly token?: string;
  readonly body?: unknown;
}

/** The maximum duration of a request, whatever Redis does. */
const maxRequestMs = 2000;

/** Sends one request. Rejects if there is no reply within two seconds. */
export async function send(method: string, url: string, request: Request = {}): Promise<Answer> {
  const { token, body } = request;
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(maxRequestMs),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The `data` of an envelope. Throws, naming the request, when the reply is not a success. */
export function dataOf(what: string, answer: Answer): Record<string, unknown> {
  const parsed: unknown = JSON.parse(answer.text);
  const data = typeof parsed === 'object' && parsed !== null && 'data' in parsed && parsed.data;
  if (typeof data !== 'object' || data === null) {
    throw new Error(`${what} was expected to succeed; it answered ${answer.status}`);
  }
  return { ...data };
}

export function textOf(data: Record<string, unknown>, field: string): string {
  const value = data[field];
  if (typeof value !== 'string') throw new Error(`the reply has no ${field}`);
  return value;
}
