import type { FaultMode } from './fault-mode.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { keyless, scripts } from './redis-commands.ts';

/** How a fault affects requests. */
export type Reach =
  /** Redis serves nothing, so every port falls back. */
  | 'nothing'
  /** Redis still serves some commands, so a port may use it or fall back. */
  | 'some';

/** A fault of the connection to Redis, and its repair. */
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

/** Every network fault, and every state in which a Redis answers with errors. */
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

const unknownError = 'XYZZY a code that nobody has seen';

/** An error to some commands, or to all: by name, reach, error, and the commands. */
const answers: readonly [string, Reach, string, (command: string) => boolean][] = [
  ['MOVED', 'some', 'MOVED 3999 127.0.0.1:7001', (command) => !keyless.has(command)],
  [
    'CROSSSLOT, met by scripts',
    'some',
    "CROSSSLOT Keys in request don't hash to the same slot",
    (command) => scripts.has(command),
  ],
  ['an unknown error, to every command', 'nothing', unknownError, () => true],
  ['an unknown error, to scripts', 'some', unknownError, (command) => scripts.has(command)],
  ['an unknown error, to one command', 'some', unknownError, (command) => command === 'publish'],
];

/** Unusual errors. */
export const errorFaults: readonly ProxyFault[] = answers.map(([name, reach, error, to]) =>
  fault(name, reach, { kind: 'answering', error, to }),
);

/** On and off every 300 ms, like a server that restarts repeatedly. */
export const flapping: ProxyFault = fault('flapping', 'some', { kind: 'flapping', everyMs: 300 });
