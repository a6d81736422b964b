import { rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownS3SkipReason, testS3 } from '@secureconnect/testkit';
import { filesIn } from '../../services/storage/test/harness.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { ScanHookServer } from './scan-hook-server.ts';
import type { TableRow } from './tables.ts';

/** A way for a dependency other than Redis to fail. */
export interface DependencyFault {
  /** As rows name it. */
  readonly dependency: string;
  readonly name: string;
  begin(stack: Stack): Promise<void>;
  end(stack: Stack): Promise<void>;
}

/** A stack whose dependencies can fail. */
export interface DependencyScene {
  /** Those of its faults, each with the least number of rows that use it. */
  readonly dependencies: Readonly<Record<string, number>>;
  readonly what: string;
  /** Why it is left out; '' if it can be had here. */
  readonly skipReason: string;
  /** Whether a row is served where the dependencies are such ones. */
  serves(row: TableRow): boolean;
  /** Starts the stack; faults are of that. */
  open(parts: AsyncDisposableStack): Promise<{
    readonly stack: Stack;
    readonly faults: readonly DependencyFault[];
    /** Writes to SQL what is stored elsewhere: effects are counted there. */
    readonly mirror?: () => Promise<void>;
  }>;
}

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
