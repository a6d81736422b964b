import type { Scene } from './scene.ts';
import { type Answer, type Stack, send } from './stack.ts';

/** One line of the validation: a request and its expected outcome. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  /** Whether the outcome may lag behind the outage, as a gauge does. */
  readonly settles: boolean;
  /** Returns what was seen: `expected` if the check passes. */
  observe(): Promise<string>;
}

const degradedLogin =
  '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded",' +
  '"message":"login is operating in degraded mode due to Redis unavailability"}';

/** The commands of the requirement's validation, with their outcome while Redis is up or down. */
export function checks(stack: Stack, scene: Scene, degraded: boolean): Check[] {
  const { statelessAuth } = scene;
  const refused = degraded && !statelessAuth;
  const login = (who: string, url: string): Check => ({
    what: `${who}: POST /v1/auth/login`,
    settles: false,
    expected: refused ? `503, Retry-After 5, ${degradedLogin}` : '200',
    observe: async () => {
      const answer = await send('POST', `${url}/v1/auth/login`, { body: scene.credentials });
      return refused
        ? `${answer.status}, Retry-After ${answer.headers.get('retry-after')}, ${answer.text}`
        : String(answer.status);
    },
  });
  return [
    login('gateway', stack.gateway),
    login('auth', stack.auth),
    status('chat', 200, () => send('GET', `${stack.chat}/v1/messages`, scene)),
    status('video', 201, () =>
      send('POST', `${stack.video}/v1/calls/initiate`, {
        token: scene.token,
        body: { call_type: 'video', conversation_id: scene.conversationId },
      }),
    ),
    status('storage', 200, () => send('GET', `${stack.storage}/v1/storage/quota`, scene)),
    status('a token revoked before: auth', 401, () =>
      send('GET', `${stack.auth}/v1/users/me`, { token: scene.revokedToken }),
    ),
    status('a token revoked before: gateway', 401, () =>
      send('GET', `${stack.gateway}/v1/users/me`, { token: scene.revokedToken }),
    ),
    ...Object.entries(stack.metricsOf).map(([service, urls]) => gauge(service, urls, degraded)),
  ];
}

const paths: Readonly<Record<string, string>> = {
  chat: 'chat: GET /v1/messages',
  video: 'video: POST /v1/calls/initiate',
  storage: 'storage: GET /v1/storage/quota',
};

function status(who: string, expected: number, ask: () => Promise<Answer>): Check {
  return {
    what: paths[who] ?? `${who}: GET /v1/users/me`,
    expected: String(expected),
    settles: false,
    observe: async () => String((await ask()).status),
  };
}

function gauge(service: string, urls: readonly string[], degraded: boolean): Check {
  return {
    what: `redis_degraded_mode{service="${service}"}`,
    expected: degraded ? '1' : '0',
    settles: true,
    observe: async () => {
      const line = new RegExp(`^redis_degraded_mode\\{service="${service}"\\} (\\d)$`, 'm');
      for (const url of urls) {
        const { status, text } = await send('GET', `${url}/metrics`);
        if (status === 200) return line.exec(text)?.[1] ?? 'no such series';
      }
      return 'no metrics';
    },
  };
}
