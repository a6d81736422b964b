import { failClosed } from '@secureconnect/degraded-mode';
import type { Mutation } from './mutation.ts';

const quiet = { release: async () => undefined, discard: async () => undefined };

/** The way to the store that asks nobody. */
function asIfThere(request: object): object {
  const { context } = request as { readonly context: object };
  return { use: async () => context };
}

/** Rows of the object store that are served otherwise than they are declared. */
export const objectStoreMutations: readonly Mutation[] = [
  {
    what: 'a URL for a download is given without asking whether the store is there',
    service: 'storage',
    route: 'GET /v1/storage/download-url/:file_id',
    handle: (declared) => (request) => declared(request, { objects: asIfThere(request) }),
    said: /200 instead of 503/,
  },
  {
    what: 'an upload is refused for longer',
    service: 'storage',
    route: 'POST /v1/storage/upload-url',
    alterDown: () => ({ objects: failClosed({ retryAfterSeconds: 30 }) }),
    said: /Retry-After 30/,
  },
  {
    what: 'a file is not deleted while its bytes cannot be removed',
    service: 'storage',
    route: 'DELETE /v1/storage/files/:file_id',
    alterDown: () => ({ removals: failClosed({ retryAfterSeconds: 5 }) }),
    said: /503 instead of 200/,
  },
  {
    what: 'an upload in parts is aborted, and what is left behind is not told',
    service: 'storage',
    route: 'DELETE /v1/storage/multipart/:file_id',
    handle: (declared) => (request) => declared(request, { removals: quiet }),
    said: /X-Degraded "" instead of "removals=skip;dependency=object_store"/,
  },
  {
    what: 'an upload in parts is refused where its handler begins, not before',
    service: 'storage',
    route: 'POST /v1/storage/multipart',
    alterDown: () => ({ objects: failClosed({ retryAfterSeconds: 5, checkedAt: 'call' }) }),
    said: /mode: 'fail_closed'/,
  },
];
