import { rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownS3SkipReason, testS3 } from '@secureconnect/testkit';
import { filesIn } from '../../services/storage/test/harness.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { TableRow } from './tables.ts';

/** A way for a dependency other than Redis to fail. */
export interface DependencyFault {
  readonly name: string;
  begin(stack: Stack): Promise<void>;
  end(stack: Stack): Promise<void>;
}

/** A stack whose dependency can fail. */
export interface DependencyScene {
  /** As rows name it. */
  readonly dependency: string;
  readonly what: string;
  /** Why it is left out; '' if it can be had here. */
  readonly skipReason: string;
  /** Whether a row is served where the dependency is such a one. */
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
  dependency: 'object_store',
  what: 'a directory',
  skipReason: '',
  serves: () => true,
  async open(parts) {
    return { stack: parts.use(await startStack()), faults: [volumeGone] };
  },
};

export const s3Scene: DependencyScene = {
  dependency: 'object_store',
  what: 'an S3',
  skipReason: ownS3SkipReason,
  // Clients exchange bytes with the S3 itself.
  serves: ({ policy }) => !policy.route.includes(' /v1/storage/objects/'),
  async open(parts) {
    const server = parts.use(await testS3('versitygw'));
    const environment = { ...filesIn('', server), STORAGE_DIRECTORY: '' };
    const stack = parts.use(await startStack(environment));
    const faults = [
      { name: 'killed', begin: () => server.kill(), end: () => server.restart() },
      { name: 'frozen', begin: () => server.freeze(), end: () => server.thaw() },
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
