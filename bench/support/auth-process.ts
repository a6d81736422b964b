/**
 * `node auth-process.ts VARIABLES`: serves auth, and tells the parent when it does. At each message
 * of the parent it tells how late its event loop has been since the message before; it measures
 * from the first message on.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { tellParent } from './child.ts';
import { serveInChild } from './serve-in-child.ts';

// The delays include the resolution, so they are a little too large.
const delays = monitorEventLoopDelay({ resolution: 1 });
process.on('message', () => {
  tellParent({ kind: 'event loop', p99Ms: delays.percentile(99) / 1e6 });
  delays.enable();
  delays.reset();
});
await serveInChild({ name: 'auth-service', readConfig: readAuthConfig, create: createAuth });
