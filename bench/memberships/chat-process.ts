/** `node chat-process.ts VARIABLES`: serves one instance of chat and measures its event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createChat, readChatConfig } from '@secureconnect/chat';
import { tellParent } from '../support/child.ts';
import { serveInChild } from '../support/serve-in-child.ts';

/** The answer to `report`; `watch` begins a measurement. */
export interface Stalled {
  /** The longest time for which the event loop did nothing else since `watch`. */
  readonly maxStallMs: number;
  /** The heap in use now. */
  readonly heapBytes: number;
}

const nanosecondsPerMs = 1e6;
const delay = monitorEventLoopDelay({ resolution: 1 });

process.on('message', (ask: 'watch' | 'report') => {
  if (ask === 'watch') {
    delay.reset();
    delay.enable();
    tellParent({ kind: 'watching' });
  } else {
    delay.disable();
    const maxStallMs = delay.max / nanosecondsPerMs;
    globalThis.gc?.();
    tellParent({ maxStallMs, heapBytes: process.memoryUsage().heapUsed } satisfies Stalled);
  }
});
await serveInChild({ name: 'chat-service', readConfig: readChatConfig, create: createChat });
