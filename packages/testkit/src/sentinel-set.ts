import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePorts } from '@secureconnect/embedded';

/** Six processes: servers 1 to 3, of which 1 is the first master, and sentinels 4 to 6. */
export type SentinelNode = 1 | 2 | 3 | 4 | 5 | 6;

/** A master, two replicas, and three sentinels that replace a master that is down. */
export interface SentinelSet extends AsyncDisposable {
  /** The value of `REDIS_SENTINELS`. */
  readonly sentinels: string;
  /** The value of `REDIS_MASTER_NAME`. */
  readonly masterName: string;
  portOf(node: SentinelNode): number;
  /** Sends a signal to a node's process. */
  signal(node: SentinelNode, signal: NodeJS.Signals): Promise<void>;
  /** Starts a node that was killed. */
  startNode(node: SentinelNode): Promise<void>;
}

/**
 * The folder of scripts that start real backends, from `SECURECONNECT_BACKENDS`. If it is not set,
 * tests that need them are skipped.
 */
export function backendScripts(): string | undefined {
  return process.env['SECURECONNECT_BACKENDS'] || undefined;
}

const portsOfASet = 7;

/**
 * Starts a set on loopback by the script `redis-ha`.
 * @param downAfterMs a master that is silent for this long is replaced
 * @param password of the servers; without one they admit anybody
 */
export async function startSentinelSet(
  scripts: string,
  { downAfterMs, password }: { downAfterMs: number; password?: string },
): Promise<SentinelSet> {
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-sentinels-'));
  const script = join(scripts, 'redis-ha');
  const port = await freePorts(portsOfASet);
  const run = (verb: string, ...options: readonly string[]) =>
    runScript(script, [verb, '--dir', folder, ...options]);
  const stop = async () => {
    await run('stop');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const secret = password === undefined ? [] : ['--password', password];
    await run('start', '--port', String(port), '--down-after', String(downAfterMs), ...secret);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    sentinels: [4, 5, 6].map((node) => `127.0.0.1:${port + node}`).join(','),
    masterName: 'mymaster',
    portOf: (node) => port + node,
    async signal(node, signal) {
      const [pid] = (await readFile(join(folder, String(node), 'pid'), 'utf8')).split('\n');
      process.kill(Number(pid), signal);
    },
    startNode: (node) => run('start-node', '--node', String(node)),
    [Symbol.asyncDispose]: stop,
  };
}

/** Runs a script of a backend to its end. Throws an Error with its output if it fails. */
export async function runScript(
  script: string,
  values: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  // Its servers keep the output open, so this waits for the script's exit, not for that end.
  const env = { ...process.env, ...environment };
  const child = spawn(script, values, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const said = text(child.stderr);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${script} ${values.join(' ')} failed: ${await said}`);
}
