import {
  emptyHistory,
  type Facts,
  type History,
  type Operation,
  type SocketRecord,
} from '../history.ts';

/** A history made by hand, to show what an invariant finds in it. */
export function madeUp(parts: Partial<History> = {}): History {
  return { ...emptyHistory({ gateways: 2, quotaBytes: 100 }), ...parts };
}

let made = 0;

/** A normal operation of 10 ms, except for what is given. */
export function operation(given: Partial<Operation> & { facts?: Facts } = {}): Operation {
  made += 1;
  const startMs = given.startMs ?? 0;
  return {
    id: `request-${made}`,
    user: 'ada',
    userId: 'the id of ada',
    name: 'profile',
    entry: 'gateway-1',
    instance: 'auth-1',
    startMs,
    endMs: startMs + 10,
    status: 200,
    body: '{}',
    degraded: null,
    retryAfter: null,
    expected: [200],
    limit: undefined,
    facts: {},
    ...given,
  };
}

/** The acknowledged sending of a message in conversation `c`. */
export function sent(
  clientMessageId: string,
  messageId: string,
  given: Partial<Operation> = {},
): Operation {
  const { facts, ...rest } = given;
  return operation({
    name: 'send message',
    status: 201,
    expected: [201],
    instance: 'chat-1',
    body: JSON.stringify({ data: { message_id: messageId } }),
    facts: { conversationId: 'c', clientMessageId, ...facts },
    ...rest,
  });
}

/** A socket in conversation `c` that was open all the time and has heard these messages. */
export function socket(instance: string, ...heard: string[]): SocketRecord {
  made += 1;
  return {
    id: `socket-${made}`,
    user: 'bob',
    instance,
    conversationIds: ['c'],
    openedMs: -1,
    closedMs: undefined,
    heard: heard.map((messageId) => ({ messageId, atMs: 20 })),
    heardOfCalls: [],
  };
}

/** An outage that everybody has noticed. */
export function outage(beginMs: number, endMs: number): History['faults'][number] {
  return { planned: { kind: 'killed', atMs: beginMs, lastsMs: endMs - beginMs }, beginMs, endMs };
}
