import { Network } from '../support/network.ts';
import { type ServiceName, startStack } from '../support/stack.ts';
import type { DependencyScene } from './dependency-scene.ts';

const behindGateway = ['auth', 'chat', 'video', 'storage'] as const;

/** Each in turn; a service that does not answer once it was reached has replies of its own. */
export const upstreamScene: DependencyScene = {
  faults: behindGateway.map((dependency) => ({ dependency, name: `no ${dependency} listens` })),
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
    const stack = parts.use(await startStack({}, { wayToService }));
    const faults = [...networks].map(
      ([name, network]) => [`no ${name} listens`, network.fault('closed')] as const,
    );
    return { stack, switches: Object.fromEntries(faults) };
  },
};
