import { mergeOpenApi, type OpenApiDocument } from '@secureconnect/contracts';
import { type Logger, openApiOf, sharedAnswer } from '@secureconnect/service';
import { gatewayRoutes } from './routes/index.ts';
import { withSignals } from './signals-openapi.ts';
import { type UpstreamName, upstreamNames } from './upstreams/names.ts';
import type { Upstream } from './upstreams/upstream.ts';

const answerMs = 2000;
/** How long a complete document is kept; one that lacks a service is made again after a second. */
const completeMs = 60_000;
const incompleteMs = 1000;
const info = { title: 'SecureConnect', version: '0.1.0' };

/**
 * The one document of everything that the gateway offers, from the documents of the services. What
 * a service that is away offers is missing. However many ask, the services are asked once.
 */
export function mergedOpenApi(
  name: string,
  upstreams: Readonly<Record<UpstreamName, Upstream>>,
  log: Logger,
): () => Promise<object> {
  let kept: { document: object; until: number } | undefined;
  const merge = sharedAnswer(incompleteMs, async () => {
    const found = await Promise.all(upstreamNames.map((each) => documentOf(upstreams[each], log)));
    const own = withSignals(openApiOf(name, gatewayRoutes) as OpenApiDocument);
    const documents = found.filter((document) => document !== undefined);
    const document = documents.reduce((merged, next) => mergedWith(merged, next, log), own);
    if (documents.length === upstreamNames.length) {
      kept = { document, until: performance.now() + completeMs };
    }
    return document;
  });
  return async () => {
    if (kept !== undefined && performance.now() < kept.until) return kept.document;
    return merge();
  };
}

async function documentOf(upstream: Upstream, log: Logger): Promise<OpenApiDocument | undefined> {
  for (const instance of upstream.inTurn()) {
    try {
      const { status, body } = await instance.getJson('/openapi.json', answerMs);
      if (status === 200) return body as OpenApiDocument;
      log.warn({ upstream: upstream.name, status }, 'an instance gave no OpenAPI document');
    } catch (error) {
      log.warn({ err: error, upstream: upstream.name }, 'an instance gave no OpenAPI document');
    }
  }
  return undefined;
}

/** Services of two versions may disagree for a while; then the one that came first is right. */
function mergedWith(merged: OpenApiDocument, next: OpenApiDocument, log: Logger): OpenApiDocument {
  try {
    return mergeOpenApi([merged, next], info);
  } catch (error) {
    log.warn({ err: error }, 'two OpenAPI documents disagree; the later one is left out');
    return merged;
  }
}
