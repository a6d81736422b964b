import { Network } from '../support/network.ts';
import { type ServiceName, startStack } from '../support/stack.ts';
import type { DependencyFault, DependencyScene, ReachedOutcome } from './dependency-scene.ts';

const behindGateway = ['auth', 'chat', 'video', 'storage'] as const;

/** The request may have had an effect, so it is not told to be undone (ADR 0052). */
const noReply: ReachedOutcome = { status: 502, code: 'BAD_GATEWAY', happens: 1 };
const noReplyInTime: ReachedOutcome = { status: 504, code: 'GATEWAY_TIMEOUT', happens: 0 };

const faultsOf = (dependency: ServiceName): readonly DependencyFault[] => [
  { dependency, name: `no ${dependency} listens` },
  { dependency, name: `${dependency} is reset when it replies`, reached: noReply },
  { dependency, name: `${dependency} accepts connections and hangs`, reached: noReplyInTime },
];

/** A request that hangs takes so long. */
const timeouts = { connectMs: 1000, headersMs: 2000, idleMs: 10_000 };

/** The gateway's ways to the services, each of which fails in turn. */
export const upstreamScene: DependencyScene = {
  faults: behindGateway.flatMap(faultsOf),
  leastRows: { auth: 7, chat: 4, video: 3, storage: 1 },
  what: 'a service behind the gateway',
  skipReason: '',
  // Every route of a service is passed on by the same rows.
  samples: 'one',
  serves: () => true,
  async open(parts) {
    const networks = new Map<ServiceName, Network>();
    const wayToService = async (name: ServiceName, port: number): Promise<string> => {
      const network = parts.use(await Network.to(port));
      networks.set(name, network);
      return `http://127.0.0.1:${network.port}`;
    };
    const stack = parts.use(await startStack({}, { wayToService, timeouts }));
    const switches = [...networks].flatMap(([name, network]) => [
      [`no ${name} listens`, network.fault('closed')] as const,
      [`${name} is reset when it replies`, network.fault('unanswered')] as const,
      [`${name} accepts connections and hangs`, network.fault('silent')] as const,
    ]);
    return { stack, switches: Object.fromEntries(switches) };
  },
};
