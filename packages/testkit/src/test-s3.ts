import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';
import { eventually } from './eventually.ts';
import { refuses } from './refuses.ts';
import { backendScripts, runScript } from './sentinel-set.ts';

/** The servers that the script `s3` starts; both check signatures. */
export const s3Engines = ['minio', 'versitygw'] as const;
export type S3Engine = (typeof s3Engines)[number];

/** Where an S3 is, and as whom it may be used; buckets may be made in it. */
export interface S3Address {
  /** A base URL without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** An S3 of the test's own, in a process of its own. */
export interface TestS3 extends S3Address, AsyncDisposable {
  /** Ends it as a power cut would; what it acknowledged is on the disk. */
  kill(): Promise<void>;
  /** It hangs: connections stay, and nothing is answered. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts one that was killed, with its data. */
  restart(): Promise<void>;
}

/** Why there is no S3 that a test may start and kill; '' where there is one. */
export const withoutOwnS3 = backendScripts() ? '' : ' (left out: set SECURECONNECT_BACKENDS)';

/** Why no S3 was named for the tests; '' where one is. */
export const withoutNamedS3 = process.env['TEST_S3_ENDPOINT']
  ? ''
  : ' (left out: set TEST_S3_ENDPOINT and its TEST_S3_REGION, _ACCESS_KEY, _SECRET_KEY)';

/** The S3 that `TEST_S3_ENDPOINT` and its companions name. */
export function namedS3(): S3Address {
  return addressFrom((name) => process.env[`TEST_${name}`]);
}

/** Starts one on loopback by the script `s3`; that takes about a second. */
export async function testS3(engine: S3Engine): Promise<TestS3> {
  const scripts = backendScripts();
  if (scripts === undefined) throw new Error('SECURECONNECT_BACKENDS is not set.');
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-s3-'));
  const port = await freePort();
  const run = (verb: string, ...values: readonly string[]) =>
    runScript(join(scripts, 's3'), [verb, '--dir', folder, '--engine', engine, ...values]);
  const start = () => run('start', '--port', String(port));
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    const [pid] = (await readFile(join(folder, 'pid'), 'utf8')).split('\n');
    process.kill(Number(pid), name);
  };
  const stop = async (): Promise<void> => {
    await run('stop');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...(await writtenAddress(join(folder, 'env'))),
    async kill() {
      await signal('SIGKILL');
      await eventually(() => refuses(port));
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    restart: start,
    async [Symbol.asyncDispose]() {
      // A frozen one would not see that it is to stop; a killed one has no process any more.
      await signal('SIGKILL').catch(() => undefined);
      await stop();
    },
  };
}

/** What the script has written of a server that it started. */
async function writtenAddress(file: string): Promise<S3Address> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const values = new Map(lines.map((line) => [line.split('=', 1)[0], line.replace(/^\w+=/, '')]));
  return addressFrom((name) => values.get(name));
}

function addressFrom(variable: (name: string) => string | undefined): S3Address {
  const given = (name: string): string => {
    const value = variable(name);
    if (value === undefined || value === '') throw new Error(`${name} is not known`);
    return value;
  };
  return {
    endpoint: given('S3_ENDPOINT'),
    region: given('S3_REGION'),
    accessKey: given('S3_ACCESS_KEY'),
    secretKey: given('S3_SECRET_KEY'),
  };
}
