import type { ServerResponse } from 'node:http';
import { DegradedRefusal } from '@secureconnect/degraded-mode';
import type { Sql } from '@secureconnect/postgres';
import { replied } from '@secureconnect/service';
import type { Sample } from '@secureconnect/testkit';
import { releaseFromQuarantine } from '../../services/storage/src/stores/quarantine.ts';
import { storageSamples } from '../../services/storage/test/samples.ts';
import type { Handle, Mutation } from './mutation.ts';

/** The only row of the hook. */
const route = 'POST /v1/storage/upload-complete';

/** What the handlers below use of their request. */
interface Completion {
  readonly context: { readonly database: Sql };
  readonly body: { readonly file_id: string };
  readonly outgoing: ServerResponse;
}

interface AlteredUpload {
  readonly what: string;
  readonly handle: (declared: Handle) => Handle;
  readonly said: RegExp;
}

/** Alters one upload more than there are: mutations of all uploads would hide each other. */
function ofOneUpload({ what, handle, said }: AlteredUpload): Mutation {
  const fileIds = new Set<string>();
  return {
    what,
    service: 'storage',
    route,
    handle: (declared) => {
      const altered = handle(declared);
      return (request, ports) => {
        const isAltered = fileIds.has((request as Completion).body.file_id);
        return (isAltered ? altered : declared)(request, ports);
      };
    },
    addSample: () => oneMoreUpload((fileId) => fileIds.add(fileId)),
    said,
  };
}

/** Adds a sample to the row, which tells the files of its requests. */
function oneMoreUpload(tell: (fileId: string) => void): Disposable {
  const before = storageSamples[route];
  const samples: readonly Sample[] = [before].flat();
  const [declared] = samples;
  if (declared === undefined) throw new Error(`there is no sample of ${route}`);
  const prepare: Sample['prepare'] = async (world) => {
    const request = await declared.prepare(world);
    tell((request.body as Completion['body']).file_id);
    return request;
  };
  Object.assign(storageSamples, { [route]: [...samples, { ...declared, prepare }] });
  return { [Symbol.dispose]: () => Object.assign(storageSamples, { [route]: before }) };
}

/** Answers, and does nothing else. */
function answers(status: number, headers: Readonly<Record<string, string>> = {}): () => Handle {
  return () => async (request) => {
    const { outgoing } = request as Completion;
    outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end('{}');
    return replied;
  };
}

/** A hook that nobody asks. */
const quiet = { scan: async () => undefined };

/** A port that fails closed. */
const refusing = {
  scan: () =>
    Promise.reject(
      new DegradedRefusal({
        ...{ operation: 'uploads', port: 'scans', dependency: 'scan_hook' },
        retryAfterSeconds: 5,
      }),
    ),
};

/** Uploads that are completed otherwise than declared while the scan hook is down. */
const uploads: readonly AlteredUpload[] = [
  {
    what: 'an upload is refused while it cannot be scanned',
    handle: answers(503),
    said: /its hook .*: 503 instead of 200/,
  },
  {
    what: 'an upload is refused by its port, as if the row declared that it fails closed',
    handle: (declared) => (request, ports) => declared(request, { ...ports, scans: refusing }),
    said: /its hook .*: 503 instead of 200/,
  },
  {
    what: 'a file that cannot be scanned is told as none',
    handle: answers(404),
    said: /its hook .*: 404 instead of 200/,
  },
  {
    what: 'an upload is completed without a scan, and that is not told',
    handle: (declared) => (request, ports) => {
      const { objects } = ports as { readonly objects: object };
      return declared(request, { objects, scans: quiet });
    },
    said: /its hook .*: X-Degraded "" instead of "scans=skip;dependency=scan_hook"/,
  },
  {
    what: 'an upload names a fallback that its row does not declare',
    handle: answers(200, { 'X-Degraded': 'scans=local;dependency=scan_hook' }),
    said: /its hook .*: X-Degraded "scans=local;dependency=scan_hook" instead of "scans=skip/,
  },
  {
    what: 'a file is given out although nobody has scanned it',
    handle: (declared) => async (request, ports) => {
      const reply = await declared(request, ports);
      const { context, body } = request as Completion;
      await releaseFromQuarantine(context.database, body.file_id);
      return reply;
    },
    said: /its hook .*: stored 1 times instead of 0/,
  },
];

export const scanHookMutations = uploads.map(ofOneUpload);
