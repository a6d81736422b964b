import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generator } from './generator.ts';

const root = join(import.meta.dirname, '../..');

/** The manifests that hold the version of package.json; everything else in them is written by hand. */
export const kubernetesVersions: readonly Generator[] = [
  'deploy/kubernetes/base/kustomization.yaml',
  'deploy/kubernetes/base/migrations/kustomization.yaml',
  'deploy/kubernetes/examples/own-overlay/kustomization.yaml',
  'deploy/kubernetes/README.md',
].map((file) => ({
  file,
  async render() {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return withVersion(await readFile(join(root, file), 'utf8'), version);
  },
}));

/**
 * Sets the tags of the images (`newTag`), the suffix of the migrations' Job (`nameSuffix`) and the tag
 * of remote bases (`?ref=v…`). The suffix has only characters that the name of a pod may have.
 */
export function withVersion(manifest: string, version: string): string {
  const suffix = version.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return manifest
    .replaceAll(/^( *newTag: ).*$/gm, `$1${version}`)
    .replaceAll(/^(nameSuffix: ).*$/gm, `$1-${suffix}`)
    .replaceAll(/(\?ref=v)\S+$/gm, `$1${version}`);
}
