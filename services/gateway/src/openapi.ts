import { mergeOpenApi, type OpenApiDocument } from '@secureconnect/contracts';
import { type Logger, OutageLog, openApiOf, sharedAnswer } from '@secureconnect/service';
import { type UpstreamName, upstreamNames } from './proxy/upstreams/names.ts';
import type { Upstream } from './proxy/upstreams/upstream.ts';
import { gatewayRoutes } from './routes/index.ts';
import { withSignals } from './signals-openapi.ts';

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
  const missing = new OutageLog({
    log,
    fields: {},
    failedMessage: 'an instance gave no OpenAPI document',
    workedMessage: 'every service gives its OpenAPI document again',
  });
  let kept: { document: object; until: number } | undefined;
  const merge = sharedAnswer(incompleteMs, async () => {
    const found = await Promise.all(
      upstreamNames.map((each) => documentOf(upstreams[each], missing)),
    );
    const own = withSignals(openApiOf(name, gatewayRoutes) as OpenApiDocument);
    const documents = found.filter((document) => document !== undefined);
    const document = documents.reduce((merged, next) => mergedWith(merged, next, log), own);
    if (documents.length === upstreamNames.length) {
      missing.worked();
      kept = { document, until: performance.now() + completeMs };
    }
    return document;
  });
  return async () => {
    if (kept !== undefined && performance.now() < kept.until) return kept.document;
    return merge();
  };
}

async function documentOf(
  upstream: Upstream,
  missing: OutageLog,
): Promise<OpenApiDocument | undefined> {
  for (const instance of upstream.inTurn()) {
    try {
      const { status, body } = await instance.getJson('/openapi.json', answerMs);
      if (status === 200) return body as OpenApiDocument;
      missing.failed(`status ${status}`, { upstream: upstream.name });
    } catch (error) {
      missing.failed(error, { upstream: upstream.name });
    }
  }
  return undefined;
}

/** Services of two versions may disagree for a while; then the one that came first is right. */
function mergedWith(merged: OpenApiDocument, next: OpenApiDocument, log: Logger): OpenApiDocument {
  try {
    return mergeOpenApi([merged, next], info);
  } catch (error) {
    // At most once a second, and once a minute where all services answer.
    log.warn({ err: error }, 'two OpenAPI documents disagree; the later one is left out');
    return merged;
  }
}
