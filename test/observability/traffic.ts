import { randomUUID } from 'node:crypto';
import { eventually } from '@secureconnect/testkit';
import { openSocket } from '../support/open-socket.ts';
import type { ServiceName } from '../support/stack.ts';

/** Where the services are, and what the gateway knows senders of alerts by. */
export interface TrafficTarget {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly signalsToken: string;
}

/** Users of a stack who do a little of everything that is measured. */
export interface Traffic extends Disposable {
  /**
   * One round: reading, writing, an alert, a file's address. Refusals are part of it. What the gateway
   * lets pass less often than once a second goes to its service.
   */
  round(): Promise<void>;
  /** Delivers one alert of this name; resolves to the status of the reply. */
  deliver(alertname: string): Promise<number>;
}

interface Sent {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
}
type Send = (
  service: ServiceName,
  request: `${'GET' | 'POST'} ${string}`,
  token: string,
  body?: object,
) => Promise<Sent>;

/** Registers two users who talk, one of them by a socket; while Redis is there. */
export async function startTraffic({ urls, signalsToken }: TrafficTarget): Promise<Traffic> {
  const send = sender(urls);
  const [ada, bob] = [await register(send), await register(send)];
  const participants = { type: 'direct', participant_ids: [bob.userId] };
  const { data } = await send('gateway', 'POST /v1/conversations', ada.token, participants);
  const socket = await openSocket(`${urls.gateway}/v1/ws/chat`, bob.token);

  const deliver = async (alertname: string): Promise<number> => {
    const labels = { alertname, namespace: 'payments', pod: 'checkout-1', severity: 'warning' };
    const alert = { status: 'firing', labels, startsAt: new Date().toISOString() };
    const delivery = { version: '4', alerts: [alert] };
    const request = 'POST /api/v1/signals/prometheus';
    return (await send('gateway', request, signalsToken, delivery)).status;
  };
  let rounds = 0;
  return {
    deliver,
    async round() {
      rounds += 1;
      const message = { conversation_id: data['conversation_id'], content: `message ${rounds}` };
      const file = { file_name: 'note.txt', file_size: 5, content_type: 'text/plain' };
      await Promise.all([
        send('gateway', 'GET /v1/users/me', ada.token),
        send('gateway', 'POST /v1/messages', ada.token, message),
        send('auth', 'POST /v1/auth/login', '', ada.login),
        send('video', 'GET /v1/calls', ada.token),
        send('storage', 'POST /v1/storage/upload-url', ada.token, file),
        deliver('CheckoutSlow'),
      ]);
    },
    [Symbol.dispose]: () => socket[Symbol.dispose](),
  };
}

function sender(urls: TrafficTarget['urls']): Send {
  return async (service, request, token, body) => {
    const [method = '', path = ''] = request.split(' ');
    const reply = await fetch(`${urls[service]}${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { data = {} } = (await reply.json()) as Partial<Sent>;
    return { status: reply.status, data };
  };
}

/** On a busy machine Redis may be late for a session; then another user is registered. */
function register(send: Send) {
  return eventually(async () => {
    const username = `user_${randomUUID().slice(0, 12)}`;
    const login = { email: `${username}@example.com`, password: 'correct horse battery' };
    const person = { ...login, username, display_name: username };
    const { status, data } = await send('auth', 'POST /v1/auth/register', '', person);
    const token = data['access_token'];
    if (status !== 201 || typeof token !== 'string') throw new Error(`registering: ${status}`);
    return { login, token, userId: (data['user'] as { user_id: string }).user_id };
  });
}
