import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findProgram, freePort, ServerProcess } from '@secureconnect/embedded';

/** A test's server on loopback, with a folder that is removed with it. */
export interface LoopbackServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `127.0.0.1:port` */
  readonly address: string;
}

export interface LoopbackProgram {
  /** The names of its program in different distributions; the first one found is used. */
  readonly names: readonly string[];
  /** Its configuration as JSON, which is also YAML. */
  readonly config: object;
  /** Other files in the folder, as JSON. */
  readonly files?: Readonly<Record<string, object>>;
  readonly arguments: (place: {
    readonly configFile: string;
    readonly dataFolder: string;
    readonly address: string;
  }) => readonly string[];
}

const startTimeoutMs = 20_000;

/** Why tests that need a program are skipped; '' if PATH has it under one of its names. */
export function programSkipReason(names: readonly string[]): string {
  return findAny(names) === undefined ? ` (left out: install ${names[0]})` : '';
}

/** Starts a program that reports at `/-/ready` when it is ready; it ends with this process. */
export async function startLoopbackServer(program: LoopbackProgram): Promise<LoopbackServer> {
  const binary = findAny(program.names);
  if (binary === undefined) throw new Error(`PATH has no ${program.names.join(' or ')}.`);
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-server-'));
  const [configFile, dataFolder] = [join(folder, 'config.yml'), join(folder, 'data')];
  await mkdir(dataFolder);
  for (const [name, content] of Object.entries({
    'config.yml': program.config,
    ...program.files,
  })) {
    await writeFile(join(folder, name), JSON.stringify(content), { mode: 0o600 });
  }
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const command = [binary, ...program.arguments({ configFile, dataFolder, address })];
  const stop = await startIn(folder, { command, isReady: () => isReady(url) });
  return { url, address, [Symbol.asyncDispose]: stop };
}

interface ProgramInFolder {
  readonly command: readonly string[];
  readonly isReady: () => Promise<boolean>;
}

/**
 * Starts a program with a temporary folder, which has its log too. Returns a function that ends the
 * program and removes the folder, whose data is not needed again.
 */
export async function startIn(
  folder: string,
  { command, isReady }: ProgramInFolder,
): Promise<() => Promise<void>> {
  const name = basename(command[0] ?? folder);
  const server = new ServerProcess(name, join(folder, 'log'), {
    command,
    signal: 'SIGKILL',
    cwd: folder,
  });
  const stop = async (): Promise<void> => {
    await server.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.waitUntilReady(isReady, startTimeoutMs);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** The full path of the first of these programs that PATH has. */
export function findAny(names: readonly string[]): string | undefined {
  return names.map(findProgram).find((found) => found !== undefined);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1000) });
    await reply.arrayBuffer();
    return reply.ok;
  } catch {
    return false; // it does not listen yet
  }
}
