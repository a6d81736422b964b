import { type HttpRoute, type RequestOf, replied, wholeBody } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { type AdmissionPorts, admit } from '../proxy/limits/admit.ts';
import { answerAdmission } from '../proxy/limits/answer-admission.ts';
import { sessionOfRefresh } from '../proxy/limits/refresh-session.ts';
import type { UpstreamService } from '../proxy/upstream-service.ts';
import { type Prefix, prefixes } from './prefixes.ts';
import { relay, whenRedisDown, whenUnreachable } from './route.ts';

/** The maximum size of JSON in the API. */
const jsonLimitBytes = 256 * 1024;
/** The maximum of a refresh, whose token may have 4,096 characters, each escaped as six. */
const refreshLimitBytes = 32 * 1024;
/** A file of 50 MiB plus its multipart overhead. */
const fileLimitBytes = 52 * 1024 * 1024;

/** The row of one prefix: the path itself and everything below. */
function proxied({ path: prefix, service }: Prefix): HttpRoute<GatewayContext> {
  const path = `${prefix}{/*rest}`;
  const action = { action: `proxy to ${service}` };
  const always = whenRedisDown;
  switch (service) {
    case 'auth':
      return relay(path, action, { ...always, authService: whenUnreachable }, (request, ports) =>
        pass(request, ports, ports.authService),
      );
    case 'chat':
      return relay(path, action, { ...always, chatService: whenUnreachable }, (request, ports) =>
        pass(request, ports, ports.chatService),
      );
    case 'video':
      return relay(path, action, { ...always, videoService: whenUnreachable }, (request, ports) =>
        pass(request, ports, ports.videoService),
      );
    case 'storage':
      return relay(path, action, { ...always, storageService: whenUnreachable }, (request, ports) =>
        pass(request, ports, ports.storageService, fileLimitBytes),
      );
  }
}

type Request = RequestOf<'none', undefined, undefined, string, GatewayContext>;

/** Passes an admitted request on. */
async function pass(
  request: Request,
  ports: AdmissionPorts,
  service: UpstreamService,
  bodyLimitBytes = jsonLimitBytes,
): Promise<typeof replied> {
  const { outgoing, outcomes } = request;
  let receivedBody: Buffer | undefined;
  const sessionId = async (): Promise<string | undefined> => {
    receivedBody = await wholeBody(request.incoming, refreshLimitBytes);
    return sessionOfRefresh(receivedBody);
  };
  const admission = await admit(request, { isUpgrade: false, sessionId }, ports);
  if (!answerAdmission(outgoing, admission)) return replied;
  const degraded = outcomes.header();
  await service.forward(request, { receivedBody, bodyLimitBytes, degraded });
  return replied;
}

export const proxyRoutes = prefixes.map(proxied);
