import { rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownS3SkipReason, testS3 } from '@secureconnect/testkit';
import { filesIn } from '../../services/storage/test/harness.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { DependencyFault, DependencyScene } from './dependency-scene.ts';
import { ScanHookServer } from './scan-hook-server.ts';

const objectsOf = ({ directory }: Stack): string => join(directory, 'objects');
const asideOf = (stack: Stack): string => `${objectsOf(stack)}.aside`;

/** The volume of the files is not mounted; nobody can create it by writing there. */
const volumeGone: DependencyFault = {
  dependency: 'object_store',
  name: 'its volume is gone',
  async begin(stack) {
    await rename(objectsOf(stack), asideOf(stack));
    await symlink(join(stack.directory, 'nowhere/at/all'), objectsOf(stack));
  },
  async end(stack) {
    await unlink(objectsOf(stack));
    await rename(asideOf(stack), objectsOf(stack));
  },
};

export const directoryScene: DependencyScene = {
  dependencies: { object_store: 5, scan_hook: 1 },
  what: 'a directory, and a scan hook',
  skipReason: '',
  serves: () => true,
  async open(parts) {
    const hook = parts.use(await ScanHookServer.start());
    const stack = parts.use(await startStack(hook.environment));
    return { stack, faults: [volumeGone, ...hook.faults] };
  },
};

export const s3Scene: DependencyScene = {
  dependencies: { object_store: 5 },
  what: 'an S3',
  skipReason: ownS3SkipReason,
  // Clients exchange bytes with the S3 itself.
  serves: ({ policy }) => !policy.route.includes(' /v1/storage/objects/'),
  async open(parts) {
    const server = parts.use(await testS3('versitygw'));
    const environment = { ...filesIn('', server), STORAGE_DIRECTORY: '' };
    const stack = parts.use(await startStack(environment));
    const dependency = 'object_store';
    const faults = [
      { dependency, name: 'killed', begin: () => server.kill(), end: () => server.restart() },
      { dependency, name: 'frozen', begin: () => server.freeze(), end: () => server.thaw() },
    ];
    return { stack, faults };
  },
};

/** The scene with the first of its faults alone. */
export function withOneFault(scene: DependencyScene): DependencyScene {
  return {
    ...scene,
    async open(parts) {
      const opened = await scene.open(parts);
      return { ...opened, faults: opened.faults.slice(0, 1) };
    },
  };
}
