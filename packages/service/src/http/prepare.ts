import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Runtime } from '../lifecycle/service-parts.ts';
import type { TrustProxy } from './client-address.ts';
import { cors } from './cors.ts';
import { createObserver } from './observe.ts';
import { refuseRepeatedHeaders } from './repeated-headers.ts';

/**
 * What every request begins with, before it is routed. Returns false if the request was answered.
 * Throws ApiError for a request that is not served.
 */
export type Prepare = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createPrepare<C>(runtime: Runtime<C>, isTrusted: TrustProxy): Prepare {
  const observe = createObserver(runtime, isTrusted);
  const answersPreflight = runtime.cors === undefined ? () => false : cors(runtime.cors);
  return (request, response) => {
    observe(request, response);
    if (answersPreflight(request, response)) return false;
    refuseRepeatedHeaders(request);
    return true;
  };
}
