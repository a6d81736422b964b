import type { FaultMode } from './fault-mode.ts';
import type { FaultProxy } from './fault-proxy.ts';

/** What happens to a request at the moment at which a fault begins. */
export type Reach =
  /** Redis serves nothing any more: every port falls back. */
  | 'nothing'
  /** Redis still serves some commands: a port may be served by it, or fall back. */
  | 'some';

/** A way for the connection to Redis to fail, and to come back. */
export interface ProxyFault {
  readonly name: string;
  readonly reach: Reach;
  begin(proxy: FaultProxy): Promise<void>;
  end(proxy: FaultProxy): Promise<void>;
}

function fault(name: string, reach: Reach, mode: FaultMode): ProxyFault {
  return {
    name,
    reach,
    begin: (proxy) => proxy.setMode(mode),
    end: (proxy) => proxy.setMode({ kind: 'pass' }),
  };
}

/** Every fault of the network, and every state in which a Redis answers with errors. */
export const proxyFaults: readonly ProxyFault[] = [
  fault('refused', 'nothing', { kind: 'refused' }),
  fault('black hole', 'nothing', { kind: 'blackHole' }),
  fault('slow (200 ms)', 'nothing', { kind: 'slow', delayMs: 200 }),
  fault('slow (2 s)', 'nothing', { kind: 'slow', delayMs: 2000 }),
  fault('reset mid-reply', 'nothing', { kind: 'resetMidReply' }),
  fault('half a reply', 'nothing', { kind: 'halfReply' }),
  fault('READONLY', 'some', { kind: 'refusing', state: 'READONLY' }),
  fault('LOADING', 'some', { kind: 'refusing', state: 'LOADING' }),
  fault('OOM', 'some', { kind: 'refusing', state: 'OOM' }),
  fault('NOAUTH', 'nothing', { kind: 'refusing', state: 'NOAUTH' }),
  fault('MISCONF', 'some', { kind: 'refusing', state: 'MISCONF' }),
  fault('CLUSTERDOWN', 'some', { kind: 'refusing', state: 'CLUSTERDOWN' }),
];

/** On and off every 300 ms, as a server does that is restarted again and again. */
export const flapping: ProxyFault = fault('flapping', 'some', { kind: 'flapping', everyMs: 300 });
