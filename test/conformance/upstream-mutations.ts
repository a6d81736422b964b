import type { ServerResponse } from 'node:http';
import { type AnyDeclaration, failClosed } from '@secureconnect/degraded-mode';
import { replied } from '@secureconnect/service';
import { UpstreamUnreachable } from '../../services/gateway/src/proxy/upstreams/upstream-unreachable.ts';
import type { Mutation } from './mutation.ts';

const closed = (options: { retryAfterSeconds?: number; checkedAt?: 'call' }) =>
  failClosed({ retryAfterSeconds: 2, ...options });
/** The same ports of other dependencies, each with this declaration. */
const allPorts = (declared: AnyDeclaration, one: ReturnType<typeof closed>): AnyDeclaration =>
  Object.fromEntries(Object.keys(declared).map((port) => [port, one]));
const refusedByHandler = (declared: AnyDeclaration) =>
  allPorts(declared, closed({ checkedAt: 'call' }));

/** Answers in the place of a refusal, whatever the reason. */
function answersInstead(status: number): NonNullable<Mutation['handle']> {
  return (declared) => async (request, ports) => {
    try {
      return await declared(request, ports);
    } catch {
      const { outgoing } = request as { readonly outgoing: ServerResponse };
      outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
      return replied;
    }
  };
}

/** Tells a request that reached a service, and may have happened, that it reached none. */
function toldAsUndone(status: 502 | 504): Pick<Mutation, 'handle' | 'said'> {
  return {
    handle: (declared) => async (request, ports) => {
      try {
        return await declared(request, ports);
      } catch {
        throw new UpstreamUnreachable('auth');
      }
    },
    said: new RegExp(`503 instead of ${status}`),
  };
}

const ofGateway = (route: string, what: string) => ({ service: 'gateway', route, what }) as const;

/** A request that reached nobody is answered with this status. */
const answered = (route: string, status: number, what: string): Mutation => ({
  ...ofGateway(route, what),
  alterDown: refusedByHandler,
  handle: answersInstead(status),
  said: new RegExp(`${status} instead of 503`),
});

/** The refusal asks for more patience than its row. */
const refusedForLonger = (route: string, what: string): Mutation => ({
  ...ofGateway(route, what),
  alterDown: (declared) => allPorts(declared, closed({ retryAfterSeconds: 30 })),
  said: /Retry-After 30/,
});

/** The refusal comes where the handler begins, not before. */
const refusedInHandler = (route: string, what: string): Mutation => ({
  ...ofGateway(route, what),
  alterDown: refusedByHandler,
  said: /mode: 'fail_closed'/,
});

/** Rows that pass requests on otherwise than they are declared: five, or every row of the upstream. */
export const upstreamMutations: readonly Mutation[] = [
  answered('ANY /v1/friends{/*rest}', 200, 'a request that nobody got is told as done'),
  answered(
    'ANY /v1/auth{/*rest}',
    502,
    'a request for a session is answered as if the service had failed',
  ),
  refusedForLonger('ANY /v1/messages{/*rest}', 'messages are refused for longer'),
  refusedInHandler(
    'ANY /v1/calls{/*rest}',
    'calls are refused where their handler begins, not before',
  ),
  answered('ANY /v1/storage{/*rest}', 404, 'files are told as none'),
  answered('ANY /v1/users{/*rest}', 404, 'people are told as none'),
  refusedForLonger('ANY /v1/keys{/*rest}', 'keys are refused for longer'),
  refusedInHandler(
    'ANY /v1/ws/ticket{/*rest}',
    'tickets are refused where their handler begins, not before',
  ),
  answered('ANY /v1/conversations{/*rest}', 404, 'conversations are told as none'),
  answered('ANY /v1/presence{/*rest}', 200, 'a presence that nobody got is told as stored'),
  refusedInHandler(
    'WS /v1/ws/chat',
    'sockets of the chat are refused where their handler begins, not before',
  ),
  refusedForLonger('ANY /v1/push{/*rest}', 'push subscriptions are refused for longer'),
  refusedInHandler(
    'WS /v1/ws/signaling',
    'sockets of calls are refused where their handler begins, not before',
  ),
  {
    ...ofGateway('ANY /v1/admin{/*rest}', 'a request whose reply was lost is told as undone'),
    ...toldAsUndone(502),
  },
  {
    ...ofGateway('ANY /.well-known/jwks.json{/*rest}', 'a request that hung is told as undone'),
    ...toldAsUndone(504),
  },
];
