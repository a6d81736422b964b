import { rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '../support/stack.ts';

/** A way for a dependency other than Redis to fail. */
export interface DependencyFault {
  readonly name: string;
  /** As rows name it. */
  readonly dependency: string;
  begin(stack: Stack): Promise<void>;
  end(stack: Stack): Promise<void>;
}

const objectsOf = ({ directory }: Stack): string => join(directory, 'objects');
const asideOf = (stack: Stack): string => `${objectsOf(stack)}.aside`;

/** The volume of the files is not mounted; nobody can create it by writing there. */
const volumeGone: DependencyFault = {
  name: 'object store: its volume is gone',
  dependency: 'object_store',
  async begin(stack) {
    await rename(objectsOf(stack), asideOf(stack));
    await symlink(join(stack.directory, 'nowhere/at/all'), objectsOf(stack));
  },
  async end(stack) {
    await unlink(objectsOf(stack));
    await rename(asideOf(stack), objectsOf(stack));
  },
};

export const dependencyFaults: readonly DependencyFault[] = [volumeGone];
