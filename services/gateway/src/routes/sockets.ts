import { chat, video } from '@secureconnect/contracts/endpoints';
import { localLimitBody } from '@secureconnect/degraded-mode';
import { addressSubject, type UpgradeOf } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { type AdmissionPorts, admit } from '../proxy/limits/admit.ts';
import { refuseUpgrade } from '../proxy/sockets/upgrade-reply.ts';
import type { UpstreamService } from '../proxy/upstream-service.ts';
import { relaySocket, whenRedisDown, whenUnreachable } from './route.ts';

type Request = UpgradeOf<'none', undefined, string, GatewayContext>;

/**
 * Passes an admitted socket on. All sockets of a room go to one instance, so that events reach
 * everyone even while the bus between instances is down.
 * @param room the query parameter that names the conversation or call
 */
async function pass(
  request: Request,
  ports: AdmissionPorts,
  service: UpstreamService,
  room: string,
): Promise<void> {
  const { incoming, socket, requestId, outcomes } = request;
  const { granted, user, headers } = await admit(request, { isUpgrade: true }, ports);
  if (!granted) {
    const json = { 'Content-Type': 'application/json; charset=utf-8', 'X-Request-Id': requestId };
    refuseUpgrade(socket, 429, { ...headers, ...json }, JSON.stringify(localLimitBody));
    return;
  }
  const key = roomOf(incoming.url, room) ?? user?.userId ?? addressSubject(request.clientAddress);
  const degraded = outcomes.header();
  await service.joinSocket({ request, degraded, key, replyHeaders: headers });
}

function roomOf(target: string | undefined, room: string): string | undefined {
  const query = /\?([^#]+)/.exec(target ?? '')?.[1];
  return query === undefined ? undefined : new URLSearchParams(query).get(room)?.toLowerCase();
}

export const socketRoutes = [
  relaySocket(
    chat.chatSocket.path,
    { action: 'proxy to chat' },
    { ...whenRedisDown, chatService: whenUnreachable },
    (request, ports) => pass(request, ports, ports.chatService, 'conversation_id'),
  ),
  relaySocket(
    video.signalingSocket.path,
    { action: 'proxy to video' },
    { ...whenRedisDown, videoService: whenUnreachable },
    (request, ports) => pass(request, ports, ports.videoService, 'call_id'),
  ),
];
