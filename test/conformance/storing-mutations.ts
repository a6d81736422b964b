import type { Sql } from '@secureconnect/postgres';
import { newRefreshToken } from '../../services/auth/src/refresh-token.ts';
import { insertRefreshToken } from '../../services/auth/src/stores/refresh-tokens.ts';
import { insertSession } from '../../services/auth/src/stores/sessions.ts';
import { findUserId } from '../../services/auth/src/stores/users.ts';
import { addParticipants } from '../../services/chat/src/stores/participants.ts';
import type { Firing, RemediationSink } from '../../services/gateway/src/signals/sink.ts';
import type { Mutation } from './mutation.ts';

/** What the handlers below use of their request. */
interface Given {
  readonly context: { readonly database: Sql };
  readonly params: { readonly conversation_id: string };
  readonly body: { readonly participants?: readonly { readonly username?: string }[] };
}

/** Of the ports that the handlers of the ingest use. */
interface SignalPorts {
  readonly deduplication: object;
  readonly storms: object;
  readonly remediationRequests: RemediationSink;
}

/** The same ports, over a sink that does otherwise once it has made a request. */
function withSink(
  ports: object,
  afterOpening: (sink: RemediationSink, signal: Firing) => Promise<unknown>,
): object {
  const { deduplication, storms, remediationRequests: sink } = ports as SignalPorts;
  const open: RemediationSink['open'] = async (draft) => {
    const placed = await sink.open(draft);
    await afterOpening(sink, draft.signal);
    return placed;
  };
  const remediationRequests = new Proxy(sink, {
    get(target, name: keyof RemediationSink) {
      return name === 'open' ? open : target[name].bind(target);
    },
  });
  return { deduplication, storms, remediationRequests };
}

const farAhead = new Date('2100-01-01T00:00:00Z');

/** What register answers. */
interface Issued {
  readonly user: { readonly user_id: string };
  readonly refresh_token: string;
}

/** Begins the pushes to everybody who is called, as the port does while Redis is up. */
async function beginPushes({ context }: Given, callId: string): Promise<void> {
  await context.database.execute(
    `UPDATE video.outbox SET due_at = now() WHERE state = 'pending' AND tries = 0 AND owner_id IN (
       SELECT user_id FROM video.call_participants WHERE call_id = $1)`,
    [callId],
  );
}

async function addByName({ context, params, body }: Given): Promise<void> {
  const sql = context.database;
  for (const { username = '' } of body.participants ?? []) {
    const userId = await findUserId(sql, { username });
    if (userId === undefined) continue;
    const added = [{ userId, role: 'member' as const }];
    await addParticipants(sql, params.conversation_id, added, new Date());
  }
}

async function beginSession({ context }: Given, userId: string): Promise<void> {
  const sessionId = crypto.randomUUID();
  const expiresAtMs = Date.now() + 3_600_000;
  const client = { deviceName: null, agent: null, address: null };
  await insertSession(context.database, { sessionId, userId, expiresAtMs }, client);
  await insertRefreshToken(context.database, newRefreshToken(sessionId));
}

/** Rows whose every reply is the declared one: only what is stored shows that they are wrong. */
export const storingMutations: readonly Mutation[] = [
  {
    what: 'changing a profile answers and changes nothing',
    service: 'auth',
    route: 'PATCH /v1/users/me',
    handle: (declared) => (request, ports) => declared({ ...request, body: {} }, ports),
    said: /before: stored 0 times instead of 1/,
  },
  {
    what: 'a message is stored twice',
    service: 'chat',
    route: 'POST /v1/messages',
    handle: (declared) => async (request, ports) => {
      await declared(request, ports);
      return declared(request, ports);
    },
    said: /throughout(?: by the gateway)?: stored 2 times instead of 1/,
  },
  {
    what: 'adding participants stores them before it refuses',
    service: 'chat',
    route: 'POST /v1/conversations/:conversation_id/participants',
    handle: (declared) => async (request, ports) => {
      await addByName(request as Given);
      return declared(request, ports);
    },
    said: /at once(?: by the gateway)?: stored 1 times instead of 0[\s\S]*again: had happened before/,
  },
  {
    what: 'register begins the session of which it says that it was skipped',
    service: 'auth',
    route: 'POST /v1/auth/register',
    handle: (declared) => async (request, ports) => {
      const reply = (await declared(request, ports)) as Issued;
      if (reply.refresh_token === '') await beginSession(request as Given, reply.user.user_id);
      return reply;
    },
    said: /throughout(?: by the gateway)?: stored 1 times instead of 0/,
  },
  {
    what: 'a call begins the pushes of which it says that they wait',
    service: 'video',
    route: 'POST /v1/calls/initiate',
    handle: (declared) => async (request, ports) => {
      const reply = (await declared(request, ports)) as { readonly call_id: string };
      await beginPushes(request as Given, reply.call_id);
      return reply;
    },
    said: /throughout(?: by the gateway)?: stored 1 times instead of 0/,
  },
  {
    what: 'the request of an alert is closed as soon as it is made',
    service: 'gateway',
    route: 'POST /api/v1/signals/prometheus',
    handle: (declared) => (request, ports) => {
      const close = (sink: RemediationSink, { fingerprint }: Firing) =>
        sink.close(fingerprint, farAhead, new Date());
      return declared(request, withSink(ports, close));
    },
    said: /before by the gateway: stored 0 times instead of 1/,
  },
  {
    what: 'an event is counted twice',
    service: 'gateway',
    route: 'POST /api/v1/signals/kubernetes-event',
    handle: (declared) => (request, ports) => {
      const repeat = (sink: RemediationSink, signal: Firing) => sink.repeat(signal, new Date());
      return declared(request, withSink(ports, repeat));
    },
    said: /before by the gateway: stored 0 times instead of 1/,
  },
];
