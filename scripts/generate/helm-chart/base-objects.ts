import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import { merged } from './merge.ts';

const deploy = join(import.meta.dirname, '../../../deploy/kubernetes');

/** A file of deploy/kubernetes, and its objects with the patches that Kustomize would apply. */
export interface BaseFile {
  /** Relative to the folder of its kustomization, such as `gateway/service.yaml`. */
  readonly path: string;
  /** Relative to deploy/kubernetes. */
  readonly source: string;
  readonly objects: readonly JsonObject[];
}

/** The files of the base, with the base's own patches and those of the overlay for production. */
export async function readBase(): Promise<readonly BaseFile[]> {
  const patches = [
    ...(await patchesOf(join(deploy, 'base'))),
    ...(await patchesOf(join(deploy, 'overlays/production'))),
  ];
  const files = await filesOf(join(deploy, 'base'));
  return files.map((file) => ({
    ...file,
    objects: file.objects.map((object) => patches.reduce(patched, object)),
  }));
}

/** One file of deploy/kubernetes, without patches. */
export async function readObjects(source: string): Promise<readonly JsonObject[]> {
  const documents = parseAllDocuments(await readFile(join(deploy, source), 'utf8'));
  return documents.map((document) => objectOf(document.toJS(), source));
}

/** The settings of a file of deploy/kubernetes, sorted by their names. */
export async function readSettings(source: string): Promise<ReadonlyMap<string, string>> {
  const settings = parseEnv(await readFile(join(deploy, source), 'utf8'));
  return new Map(Object.entries(settings).map(([name, value]) => [name, value ?? '']));
}

/** The name in an object's metadata. */
export function nameOf(object: JsonObject): string {
  return textOf(objectOf(object['metadata'], 'metadata')['name'], 'a name');
}

async function kustomizationOf(folder: string): Promise<JsonObject> {
  const file = join(folder, 'kustomization.yaml');
  return objectOf(parse(await readFile(file, 'utf8')), file);
}

async function filesOf(folder: string, root = folder): Promise<readonly BaseFile[]> {
  const { resources = [] } = await kustomizationOf(folder);
  const found = listOf(resources, `resources of ${folder}`).map(async (resource) => {
    const path = join(folder, textOf(resource, 'a resource'));
    if (!path.endsWith('.yaml')) return filesOf(path, root);
    const source = relative(deploy, path);
    return [{ path: relative(root, path), source, objects: await readObjects(source) }];
  });
  return (await Promise.all(found)).flat();
}

interface Patch {
  readonly kind: Json | undefined;
  /** Absent: every object of the kind. */
  readonly name: Json | undefined;
  readonly change: JsonObject;
}

async function patchesOf(folder: string): Promise<readonly Patch[]> {
  const { patches = [] } = await kustomizationOf(folder);
  const entries = listOf(patches, `patches of ${folder}`).map((entry) =>
    objectOf(entry, 'a patch'),
  );
  // Those without a file order what Argo CD does, which takes the hooks of Helm for its own.
  const read = entries.filter(hasFile).map(async ({ path, target }) => {
    const file = join(folder, textOf(path, 'the path of a patch'));
    const { metadata, ...change } = objectOf(parse(await readFile(file, 'utf8')), file);
    // A patch with a target has a name because Kustomize demands one.
    if (isObject(target)) return { kind: target['kind'], name: target['name'], change };
    return { kind: change['kind'], name: objectOf(metadata, file)['name'], change };
  });
  return Promise.all(read);
}

/** Throws Error where a patch without a file is about something else than waves of Argo CD. */
function hasFile({ path, patch }: JsonObject): boolean {
  if (path !== undefined) return true;
  if (textOf(patch, 'a patch').includes('argocd.argoproj.io/sync-wave')) return false;
  throw new Error(`the chart does not know this patch, which has no file:\n${patch}`);
}

function patched(object: JsonObject, { kind, name, change }: Patch): JsonObject {
  const isMeant = object['kind'] === kind && (name === undefined || nameOf(object) === name);
  return isMeant ? merged(object, change) : object;
}
