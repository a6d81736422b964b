/** `node load-process.ts`: generates load as the parent asks, and tells it how fast that went. */
import { endWithParent, tellParent } from '../support/child.ts';
import { type LoadOptions, load } from './load.ts';

endWithParent();
process.on('message', (options: LoadOptions) => {
  load(options).then(
    (requestsPerSecond) => tellParent({ requestsPerSecond }),
    (error: unknown) => tellParent({ error: String(error) }),
  );
});
tellParent({ kind: 'listening', port: 0 });
