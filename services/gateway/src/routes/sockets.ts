import { chat, video } from '@secureconnect/contracts/endpoints';
import { localLimitBody } from '@secureconnect/degraded-mode';
import { addressSubject } from '@secureconnect/service';
import { admit } from '../proxy/limits/admit.ts';
import { proxySocket } from '../proxy/sockets/proxy-socket.ts';
import { refuseUpgrade } from '../proxy/sockets/upgrade-reply.ts';
import type { UpstreamName } from '../proxy/upstreams/names.ts';
import { relaySocket, whenRedisDown } from './route.ts';

/**
 * The row of a WebSocket path. All sockets of a room go to one instance, so that events reach
 * everyone even while the bus between instances is down.
 * @param room the query parameter that names the conversation or call
 */
function proxied(path: string, service: UpstreamName, room: string) {
  const action = `proxy to ${service}`;
  return relaySocket(path, { action }, whenRedisDown, async (request, ports) => {
    const { context, incoming, socket, requestId, outcomes } = request;
    const { granted, user, headers } = await admit(request, { isUpgrade: true }, ports);
    if (!granted) {
      const json = { 'Content-Type': 'application/json; charset=utf-8', 'X-Request-Id': requestId };
      refuseUpgrade(socket, 429, { ...headers, ...json }, JSON.stringify(localLimitBody));
      return;
    }
    const key = roomOf(incoming.url, room) ?? user?.userId ?? addressSubject(request.clientAddress);
    const instances = context.upstreams[service].byKey(key);
    const degraded = outcomes.header();
    await proxySocket({ request, degraded, service, instances, replyHeaders: headers });
  });
}

function roomOf(target: string | undefined, room: string): string | undefined {
  const query = /\?([^#]+)/.exec(target ?? '')?.[1];
  return query === undefined ? undefined : new URLSearchParams(query).get(room)?.toLowerCase();
}

export const socketRoutes = [
  proxied(chat.chatSocket.path, 'chat', 'conversation_id'),
  proxied(video.signalingSocket.path, 'video', 'call_id'),
];
