import { chat as endpoints } from '@secureconnect/contracts/endpoints';
import { declaredFallbacks, describeFallback, kebabCase } from '@secureconnect/degraded-mode';
import { describe, expect, test } from 'vitest';
import { chatRoutes } from '../src/index.ts';
import { newWorld } from './harness.ts';

/** A row as `GET /v1/degraded` says it, except the mode that it is in. */
interface Row {
  readonly route: string;
  readonly operation: string;
  readonly ports: Readonly<Record<string, string>>;
}

const declared = Object.values(endpoints);
const rows: readonly Row[] = chatRoutes.map(({ policy }) => {
  const { route, operation } = policy;
  const ports = Object.entries(declaredFallbacks(policy)).map(([port, fallback]) => [
    kebabCase(port),
    describeFallback(fallback),
  ]);
  return { route, operation, ports: Object.fromEntries(ports) };
});

/** Routes and frames that need messages for every request, and those that may. */
const messagesClosed = 'fail closed (503, Retry-After 5)';
const messagesClosedWhenUsed = 'fail closed when used (503, Retry-After 5)';

const routesIn = (some: readonly { readonly route: string }[]): Set<string> =>
  new Set(some.map(({ route }) => route));

const routesUsing = (port: string): Set<string> =>
  routesIn(rows.filter(({ ports }) => port in ports));

test('a running chat lists its endpoints, with what each does without Redis', async () => {
  await using world = await newWorld();
  const chat = await world.start();
  const user = await world.newUser();
  const table = (await chat.call(user, 'GET', '/v1/degraded')).body.data;
  const listed = table.rows.map(({ route, operation, ports }: Row) => ({
    route,
    operation,
    ports,
  }));
  expect(listed).toEqual(rows);
  const openApi = await chat.call(user, 'GET', '/openapi.json');
  expect(openApi.status).toBe(200);
  for (const one of declared) {
    if (one.kind !== 'http') continue;
    const path = JSON.parse(openApi.text).paths[one.path.replaceAll(/:(\w+)/g, '{$1}')];
    expect(path[one.method.toLowerCase()]).toMatchObject({ operationId: one.id });
  }
});

describe('without its message store chat', () => {
  const routesThat = (fallback: string): Set<string> =>
    routesIn(rows.filter(({ ports }) => ports['messages'] === fallback));

  test('refuses what reads, writes or changes messages', () => {
    const { sendMessage, listMessages, searchMessages, editMessage, deleteMessage } = endpoints;
    const { forwardMessage, addReaction, removeReaction, pinMessage } = endpoints;
    const { markMessagesRead, listReceipts } = endpoints;
    const { chatFrame, editedFrame, deletedFrame, reactionFrame, readFrame } = endpoints;
    expect(routesThat(messagesClosed)).toEqual(
      routesIn([
        ...[sendMessage, listMessages, searchMessages, editMessage, deleteMessage],
        ...[forwardMessage, addReaction, removeReaction, pinMessage],
        ...[markMessagesRead, listReceipts],
        ...[chatFrame, editedFrame, deletedFrame, reactionFrame, readFrame],
      ]),
    );
  });

  test('lists no pins and replays nothing where there is any, and serves everything else', () => {
    const { listPins, resumeFrame } = endpoints;
    expect(routesThat(messagesClosedWhenUsed)).toEqual(routesIn([listPins, resumeFrame]));
    const { size: closed } = routesThat(messagesClosed);
    expect(routesUsing('messages').size).toBe(closed + 2);
  });
});

describe('without Redis chat', () => {
  test('has one fallback for each port, in every row', () => {
    const used = rows.flatMap(({ ports }) =>
      Object.entries(ports)
        .filter(([port]) => port !== 'messages')
        .map((port) => port.join(': ')),
    );
    expect([...new Set(used)]).toEqual([
      'revocations: fail open: snapshot (at most 60 s old)',
      'fan-out: fail open: local',
      'directory: fail closed when used (503, Retry-After 5)',
      'presence: fail open: skip',
    ]);
  });

  test('judges the token of every request and upgrade', () => {
    const withToken = declared.filter((one) => 'auth' in one && one.auth === 'bearer');
    expect(routesUsing('revocations')).toEqual(routesIn(withToken));
    expect(withToken).toHaveLength(declared.filter(({ kind }) => kind !== 'frame').length);
  });

  test('refuses only requests that name people by address or name', () => {
    const { createConversation, addParticipants } = endpoints;
    expect(routesUsing('directory')).toEqual(routesIn([createConversation, addParticipants]));
  });

  test('leaves presence alone', () => {
    const { setPresence, getPresence, chatSocket } = endpoints;
    expect(routesUsing('presence')).toEqual(routesIn([setPresence, getPresence, chatSocket]));
  });

  test('announces to its own sockets every change except titles, settings, roles and pins', () => {
    const { renameConversation, changeConversationSettings, changeParticipantRole } = endpoints;
    const { pinMessage, unpinMessage, setPresence, resumeFrame, pingFrame } = endpoints;
    const untold = routesIn([
      ...[renameConversation, changeConversationSettings, changeParticipantRole],
      ...[pinMessage, unpinMessage, setPresence, resumeFrame, pingFrame],
      ...declared.filter(({ route }) => route.startsWith('GET ')),
    ]);
    const told = declared.filter(({ route }) => !untold.has(route));
    expect(routesUsing('fan-out')).toEqual(routesIn(told));
  });
});
