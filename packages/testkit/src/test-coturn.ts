import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ServerProcess } from '@secureconnect/embedded';
import { acceptsConnections } from './accepts-connections.ts';
import { programSkipReason } from './loopback-server.ts';

/** Why tests with coturn are skipped; '' if they can run. */
export const coturnSkipReason = programSkipReason(['turnserver']);

/** A coturn on loopback, with the options that Docker and Kubernetes run it with. */
export interface TestCoturn extends AsyncDisposable {
  readonly port: number;
  /** Everything that it has logged so far. */
  log(): Promise<string>;
  /** Kills it and starts it again: what it relayed is gone. */
  restart(): Promise<void>;
}

export interface CoturnOptions {
  readonly secret: string;
  /** The secret before, which it accepts too. */
  readonly previousSecret?: string;
  /** The address that it names to clients instead of its own. */
  readonly externalIp?: string;
  /** Whether it relays from ::1 too. */
  readonly relaysIpv6?: boolean;
}

const script = join(
  import.meta.dirname,
  '../../../deploy/kubernetes/components/turn/run-coturn.sh',
);
const startTimeoutMs = 20_000;
/** As many as the deployments have, from this one on, below those that the system gives out. */
const relayPorts = 200;
const firstRelayPort = 10_000;
const ranges = 100;

/**
 * Starts coturn by the script of the deployments. It listens and relays on 127.0.0.1, which all its
 * own rules deny as a peer but the one for its relay address.
 */
export async function testCoturn(options: CoturnOptions): Promise<TestCoturn> {
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-coturn-'));
  const port = await freePort();
  const logFile = join(folder, 'log');
  // A range of its own: several run at a time, beside what Docker has published.
  const minPort = firstRelayPort + (port % ranges) * relayPorts;
  const start = (): ServerProcess =>
    new ServerProcess('coturn', logFile, {
      command: [
        ...['sh', script, '--listening-ip=127.0.0.1', `--listening-port=${port}`],
        ...[`--min-port=${minPort}`, `--max-port=${minPort + relayPorts - 1}`],
        '--allow-loopback-peers',
        ...(options.relaysIpv6 === true ? ['--relay-ip=::1'] : []),
      ],
      signal: 'SIGKILL',
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        TMPDIR: folder,
        TURN_SECRET: options.secret,
        TURN_SECRET_PREVIOUS: options.previousSecret,
        TURN_RELAY_IP: '127.0.0.1',
        TURN_EXTERNAL_IP: options.externalIp,
      },
    });
  let server = start();
  const ready = (): Promise<void> =>
    server.waitUntilReady(() => acceptsConnections(port), startTimeoutMs);
  const stop = async (): Promise<void> => {
    await server.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    log: () => readFile(logFile, 'utf8'),
    async restart() {
      await server.stop('SIGKILL');
      server = start();
      await ready();
    },
    [Symbol.asyncDispose]: stop,
  };
}
