import { randomUUID } from 'node:crypto';
import type { Kind } from './load.ts';
import type { Person } from './people.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export const refused = (operation: string): string =>
  '503 {"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded",' +
  `"message":"${operation} is operating in degraded mode due to Redis unavailability"}`;

export interface TrafficOptions {
  /** Of the gateway, or what stands before it. */
  readonly url: string;
  readonly reader: () => string;
  readonly writers: readonly (Person & { readonly conversationId: string })[];
}

/** Requests to every service through the gateway, whose answers Redis does not change. */
export function everydayTraffic({ url, reader, writers }: TrafficOptions): Kind[] {
  const get = (name: string, share: number, path: () => string, status = '200'): Kind => ({
    name,
    share,
    declared: [status],
    send: (signal) => fetch(`${url}${path()}`, { signal, headers: bearer(reader()) }),
  });
  let turn = 0;
  return [
    get('listing blocks', 2, () => '/v1/users/blocks'),
    get('listing conversations', 2, () => '/v1/conversations'),
    get('a call that does not exist', 1, () => `/v1/calls/${randomUUID()}`, '404'),
    get('the quota', 2, () => '/v1/storage/quota'),
    {
      name: 'sending messages',
      share: 1,
      declared: ['201'],
      send: (signal) => {
        turn += 1;
        const writer = writers[turn % writers.length];
        const body = { conversation_id: writer?.conversationId, content: `message ${turn}` };
        return fetch(`${url}/v1/messages`, {
          method: 'POST',
          signal,
          headers: { ...bearer(writer?.token ?? ''), 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      },
    },
  ];
}

/** What fails closed: a login on auth's own port, where no limit is reached, and an alert. */
export function closingTraffic(
  urls: { gateway: string; auth: string },
  who: Person,
  token: string,
) {
  const post = (address: string, body: object, signal: AbortSignal, headers = {}) =>
    fetch(address, {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const login: Kind = {
    name: 'login',
    share: 1,
    declared: ['200', refused('login')],
    send: (signal) => post(`${urls.auth}/v1/auth/login`, who.credentials, signal),
  };
  const alert: Kind = {
    name: 'an alert',
    share: 1,
    declared: ['201', '202', refused('signals/prometheus')],
    send: (signal) =>
      post(`${urls.gateway}/api/v1/signals/prometheus`, delivery(), signal, bearer(token)),
  };
  return [login, alert];
}

/** One alert of a name of its own, so that no storm comes of many. */
function delivery() {
  const labels = {
    alertname: `Load${randomUUID()}`,
    namespace: 'compose',
    pod: 'a',
    severity: 'info',
  };
  const startsAt = new Date().toISOString();
  return { version: '4', alerts: [{ status: 'firing', labels, startsAt }] };
}
