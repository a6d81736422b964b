import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The image of gateway, made by our Dockerfile and by the conventional one. */
export const ways = ['ours', 'conventional'] as const;
export type Way = (typeof ways)[number];

/** Of every service, for their sizes. */
export const services = ['gateway', 'auth', 'chat', 'video', 'storage'] as const;
export type Service = (typeof services)[number];

/** What each image is built on: ours on the Node.js that its Dockerfile cuts out of the same image. */
const bases: Record<Way, string> = {
  ours: 'secureconnect-bench/runtime:ours',
  conventional: 'node:24-bookworm-slim',
};
const maxMs = 600_000;
const tagOf = (way: Way, service: Service): string => `secureconnect-bench/${service}:${way}`;

/**
 * Builds an image out of a copy of the sources; resolves with how long that took, in seconds.
 * @throws Error with what the builder said where it fails
 */
export async function build(folder: string, way: Way, service: Service): Promise<number> {
  const words =
    way === 'ours'
      ? ['--build-arg', `SERVICE=${service}`, '--build-arg', 'PORT=8080']
      : ['--file', join(import.meta.dirname, 'conventional.dockerfile')];
  const startedAt = performance.now();
  await dockerBuild([...words, '--tag', tagOf(way, service), folder]);
  return (performance.now() - startedAt) / 1000;
}

/** Builds what our images are built on, to tell its size. Rejects as `build` does. */
export function buildBase(folder: string): Promise<void> {
  return dockerBuild(['--target', 'runtime', '--tag', bases.ours, folder]);
}

async function dockerBuild(words: readonly string[]): Promise<void> {
  const options = { timeout: maxMs, maxBuffer: 64 * 1024 * 1024 };
  await run('docker', ['build', ...words], options);
}

/** Changes one line of gateway's sources. */
export async function changeOneLine(folder: string, turn: number): Promise<void> {
  await appendFile(join(folder, 'services/gateway/src/main.ts'), `// Change ${turn}.\n`);
}

/** Bytes of an image, and of those what lies on top of its Node. */
export interface Size {
  readonly all: number;
  readonly own: number;
}

/** How large an image is. Rejects where it was not built. */
export async function sizeOf(way: Way, service: Service): Promise<Size> {
  const [all, node] = await Promise.all([bytesOf(tagOf(way, service)), bytesOf(bases[way])]);
  return { all, own: all - node };
}

async function bytesOf(image: string): Promise<number> {
  const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  return Number(stdout);
}

/** Removes the images that were built; the layers stay with the builder. */
export async function removeImages(): Promise<void> {
  const ours = services.map((service) => tagOf('ours', service));
  const images = [...ours, bases.ours, tagOf('conventional', 'gateway')];
  await run('docker', ['image', 'rm', '--force', ...images]);
}

/** Which builder it is: `Docker 28.2.2 with BuildKit`. */
export async function describeBuilder(): Promise<string> {
  const { stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}']);
  const buildKit = await run('docker', ['buildx', 'version']).then(
    () => process.env['DOCKER_BUILDKIT'] !== '0',
    () => false,
  );
  return `Docker ${stdout.trim()} ${buildKit ? 'with BuildKit' : 'with the builder before BuildKit'}`;
}
