import { rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownS3SkipReason, testS3 } from '@secureconnect/testkit';
import { filesIn } from '../../services/storage/test/harness.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { DependencyScene, FaultSwitch } from './dependency-scene.ts';
import { ScanHookServer, scanHookFaults } from './scan-hook-server.ts';

const objectsOf = ({ directory }: Stack): string => join(directory, 'objects');
const asideOf = (stack: Stack): string => `${objectsOf(stack)}.aside`;

/** The volume of the files is not mounted; nobody can create it by writing there. */
const volumeGone: FaultSwitch = {
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
  faults: [{ dependency: 'object_store', name: 'its volume is gone' }, ...scanHookFaults],
  leastRows: { object_store: 5, scan_hook: 1 },
  what: 'a directory, and a scan hook',
  skipReason: '',
  serves: () => true,
  async open(parts) {
    const hook = parts.use(await ScanHookServer.start());
    const stack = parts.use(await startStack(hook.environment));
    return { stack, switches: { 'its volume is gone': volumeGone, ...hook.switches } };
  },
};

export const s3Scene: DependencyScene = {
  faults: [
    { dependency: 'object_store', name: 'its S3 is killed' },
    { dependency: 'object_store', name: 'its S3 is frozen' },
  ],
  leastRows: { object_store: 5 },
  what: 'an S3',
  skipReason: ownS3SkipReason,
  // Clients exchange bytes with the S3 itself.
  serves: ({ policy }) => !policy.route.includes(' /v1/storage/objects/'),
  async open(parts) {
    const server = parts.use(await testS3('versitygw'));
    const environment = { ...filesIn('', server), STORAGE_DIRECTORY: '' };
    const stack = parts.use(await startStack(environment));
    const switches = {
      'its S3 is killed': { begin: () => server.kill(), end: () => server.restart() },
      'its S3 is frozen': { begin: () => server.freeze(), end: () => server.thaw() },
    };
    return { stack, switches };
  },
};

/** The scene with the first of its faults alone. */
export function withOneFault(scene: DependencyScene): DependencyScene {
  return { ...scene, faults: scene.faults.slice(0, 1) };
}
