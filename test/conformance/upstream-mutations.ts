import type { ServerResponse } from 'node:http';
import { type AnyDeclaration, failClosed } from '@secureconnect/degraded-mode';
import { replied } from '@secureconnect/service';
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

/** Rows that pass requests on otherwise than they are declared: five, or every row of the upstream. */
export const upstreamMutations: readonly Mutation[] = [
  {
    what: 'a request that nobody got is told as done',
    service: 'gateway',
    route: 'ANY /v1/friends{/*rest}',
    alterDown: refusedByHandler,
    handle: answersInstead(200),
    said: /200 instead of 503/,
  },
  {
    what: 'a request for a session is answered as if the service had failed',
    service: 'gateway',
    route: 'ANY /v1/auth{/*rest}',
    alterDown: refusedByHandler,
    handle: answersInstead(502),
    said: /502 instead of 503/,
  },
  {
    what: 'messages are refused for longer',
    service: 'gateway',
    route: 'ANY /v1/messages{/*rest}',
    alterDown: (declared) => allPorts(declared, closed({ retryAfterSeconds: 30 })),
    said: /Retry-After 30/,
  },
  {
    what: 'calls are refused where their handler begins, not before',
    service: 'gateway',
    route: 'ANY /v1/calls{/*rest}',
    alterDown: refusedByHandler,
    said: /mode: 'fail_closed'/,
  },
  {
    what: 'files are told as none',
    service: 'gateway',
    route: 'ANY /v1/storage{/*rest}',
    alterDown: refusedByHandler,
    handle: answersInstead(404),
    said: /404 instead of 503/,
  },
  {
    what: 'people are told as none',
    service: 'gateway',
    route: 'ANY /v1/users{/*rest}',
    alterDown: refusedByHandler,
    handle: answersInstead(404),
    said: /404 instead of 503/,
  },
  {
    what: 'keys are refused for longer',
    service: 'gateway',
    route: 'ANY /v1/keys{/*rest}',
    alterDown: (declared) => allPorts(declared, closed({ retryAfterSeconds: 30 })),
    said: /Retry-After 30/,
  },
  {
    what: 'tickets are refused where their handler begins, not before',
    service: 'gateway',
    route: 'ANY /v1/ws/ticket{/*rest}',
    alterDown: refusedByHandler,
    said: /mode: 'fail_closed'/,
  },
  {
    what: 'conversations are told as none',
    service: 'gateway',
    route: 'ANY /v1/conversations{/*rest}',
    alterDown: refusedByHandler,
    handle: answersInstead(404),
    said: /404 instead of 503/,
  },
  {
    what: 'a presence that nobody got is told as stored',
    service: 'gateway',
    route: 'ANY /v1/presence{/*rest}',
    alterDown: refusedByHandler,
    handle: answersInstead(200),
    said: /200 instead of 503/,
  },
  {
    what: 'sockets of the chat are refused where their handler begins, not before',
    service: 'gateway',
    route: 'WS /v1/ws/chat',
    alterDown: refusedByHandler,
    said: /mode: 'fail_closed'/,
  },
  {
    what: 'push subscriptions are refused for longer',
    service: 'gateway',
    route: 'ANY /v1/push{/*rest}',
    alterDown: (declared) => allPorts(declared, closed({ retryAfterSeconds: 30 })),
    said: /Retry-After 30/,
  },
  {
    what: 'sockets of calls are refused where their handler begins, not before',
    service: 'gateway',
    route: 'WS /v1/ws/signaling',
    alterDown: refusedByHandler,
    said: /mode: 'fail_closed'/,
  },
];
