import { replied, wholeBody } from '@secureconnect/service';
import { forward } from '../proxy/forward.ts';
import { admit } from '../proxy/limits/admit.ts';
import { answerAdmission } from '../proxy/limits/answer-admission.ts';
import { sessionOfRefresh } from '../proxy/limits/refresh-session.ts';
import type { UpstreamName } from '../proxy/upstreams/names.ts';
import { prefixes } from './prefixes.ts';
import { relay, whenRedisDown } from './route.ts';

/** The maximum size of JSON in the API. */
const jsonLimitBytes = 256 * 1024;
/** The maximum of a refresh, whose token may have 4,096 characters, each escaped as six. */
const refreshLimitBytes = 32 * 1024;
/** A file of 50 MiB plus its multipart overhead. */
const fileLimitBytes = 52 * 1024 * 1024;

/** The row of one prefix: the path itself and everything below. */
function proxied(prefix: string, service: UpstreamName, bodyLimitBytes: number) {
  const action = `proxy to ${service}`;
  return relay(`${prefix}{/*rest}`, { action }, whenRedisDown, async (request, ports) => {
    const { context, outgoing, outcomes } = request;
    let receivedBody: Buffer | undefined;
    const sessionId = async (): Promise<string | undefined> => {
      receivedBody = await wholeBody(request.incoming, refreshLimitBytes);
      return sessionOfRefresh(receivedBody);
    };
    const admission = await admit(request, { isUpgrade: false, sessionId }, ports);
    if (!answerAdmission(outgoing, admission)) return replied;
    const degraded = outcomes.header();
    await forward(request, context.upstreams[service], { receivedBody, bodyLimitBytes, degraded });
    return replied;
  });
}

export const proxyRoutes = prefixes.map(({ path, service }) =>
  proxied(path, service, service === 'storage' ? fileLimitBytes : jsonLimitBytes),
);
