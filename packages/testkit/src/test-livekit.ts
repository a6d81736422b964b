import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort, ServerProcess } from '@secureconnect/embedded';
import { acceptsConnections } from './accepts-connections.ts';
import { cacheFolder } from './cache-folder.ts';

const name = 'livekit-server';
const program = findProgram(name) ?? builtByCi();

/** Why tests with a LiveKit server are skipped; '' if they can run. */
export const liveKitSkipReason =
  program === undefined ? ` (left out: install ${name}, as docs/sfu.md says)` : '';

/** The key and secret that test servers know, and that video is given. */
export const liveKitKey = {
  apiKey: 'keyOfTheTests',
  apiSecret: 'a LiveKit secret of the tests, long enough',
};

/** Video's settings for an SFU at this port. */
export function sfuEnvironment(port: number) {
  return {
    SFU_URL: `ws://127.0.0.1:${port}`,
    SFU_API_KEY: liveKitKey.apiKey,
    SFU_API_SECRET: liveKitKey.apiSecret,
  };
}

/** A LiveKit server on loopback, without Redis. */
export interface TestLiveKit extends AsyncDisposable {
  readonly port: number;
  /** Everything that it has logged so far. */
  log(): Promise<string>;
  /** Ends it like a power cut: it forgets all rooms. */
  kill(): Promise<void>;
  /** Starts it again at the same ports. */
  start(): Promise<void>;
}

export interface LiveKitOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Where it sends its webhooks. Default: nowhere. */
  readonly webhookUrl?: string;
}

const startTimeoutMs = 20_000;
const configFile = join(import.meta.dirname, '../../../deploy/livekit/livekit.yaml');

/**
 * Starts LiveKit by the configuration of the docs, with the ports, the key and the address of the
 * webhooks of the test.
 */
export async function testLiveKit(options: LiveKitOptions = {}): Promise<TestLiveKit> {
  if (program === undefined) throw new Error(`There is no ${name}.`);
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-livekit-'));
  const port = options.port ?? (await freePort());
  const settings = await configOf(port, options.webhookUrl);
  const logFile = join(folder, 'log');
  await writeFile(join(folder, 'livekit.yaml'), settings, { mode: 0o600 });
  let server: ServerProcess | undefined;
  const kill = async (): Promise<void> => server?.stop('SIGKILL');
  const start = async (): Promise<void> => {
    server = new ServerProcess('LiveKit', logFile, {
      command: [program, '--config', join(folder, 'livekit.yaml')],
      signal: 'SIGKILL',
      cwd: folder,
      env: { PATH: process.env['PATH'], TMPDIR: folder, HOME: folder },
    });
    await server.waitUntilReady(() => acceptsConnections(port), startTimeoutMs);
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const log = () => readFile(logFile, 'utf8');
  return { port, log, kill, start, [Symbol.asyncDispose]: stop };
}

/** The deployed configuration with the lines of a test in place of its own. */
async function configOf(port: number, webhookUrl: string | undefined): Promise<string> {
  const { apiKey, apiSecret } = liveKitKey;
  const rtc = {
    tcp_port: await freePort(),
    udp_port: await freePort(),
    use_external_ip: false,
    node_ip: '127.0.0.1',
    enable_loopback_candidate: true,
  };
  const webhook = { api_key: apiKey, urls: webhookUrl === undefined ? [] : [webhookUrl] };
  const own: Readonly<Record<string, object | number>> = {
    port,
    bind_addresses: ['127.0.0.1'],
    keys: { [apiKey]: apiSecret },
    rtc,
    webhook,
  };
  const deployed = await readFile(configFile, 'utf8');
  const kept = deployed.split(/^(?=\w+:)/m).filter((block) => !(blockName(block) in own));
  const lines = Object.entries(own).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  return [...kept, ...lines].join('');
}

function blockName(block: string): string {
  return /^\w+(?=:)/.exec(block)?.[0] ?? '';
}

function builtByCi(): string | undefined {
  const path = join(cacheFolder(), 'bin', name);
  return existsSync(path) ? path : undefined;
}
