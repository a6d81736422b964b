/**
 * `node auth-process.ts VARIABLES`: serves auth, and tells the parent when it does. At each message
 * of the parent it tells how late its event loop has been since the message before.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { createLogger } from '@secureconnect/service';
import { endWithParent, tellParent } from '../support/child.ts';

endWithParent();
const config = readAuthConfig(JSON.parse(process.argv[2] ?? ''));
const log = createLogger({ service: 'auth-service', level: config.logLevel });
const service = await createAuth(config, log);
// The delays include the resolution, so they are a little too large.
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.on('message', () => {
  tellParent({ kind: 'event loop', p99Ms: delays.percentile(99) / 1e6 });
  delays.reset();
});
tellParent({ kind: 'listening', port: await service.listen(config.port) });
