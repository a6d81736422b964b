import { RefusedError } from '../http/errors.ts';
import type { Requester, TokenSource } from '../http/request.ts';
import type { Schemas } from '../http/routes.ts';
import type { Store } from '../stores/store.ts';
import { announcementOf, type UploadOptions } from './upload-options.ts';

export interface PartsOptions {
  readonly requester: Requester;
  readonly tokens: TokenSource;
  readonly store: Store;
}

type Target = Schemas['MultipartTarget'];

/** A file that is sent in parts, and the parts that are missing. */
export interface PartsUpload {
  readonly target: Target;
  readonly sentBytes: number;
  readonly missing: readonly number[];
}

/** What is kept of an upload that was begun. */
interface Begun {
  readonly target: Target;
  /** What the server was told of the content: only the same goes on with its parts. */
  readonly announcement: object;
}

/**
 * Begins a file in parts, or finds the one that was begun under the same key with the same
 * announcement. An upload of something else under that key is given up.
 */
export async function beginParts(
  deps: PartsOptions,
  content: Blob,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<PartsUpload> {
  const { requester, store, tokens } = deps;
  const key = options.resumeKey === undefined ? undefined : keyOf(options.resumeKey);
  const announcement = announcementOf(content, options);
  const begun = key === undefined ? undefined : await readBegun(store, key);
  if (begun !== undefined) {
    const isSame = JSON.stringify(begun.announcement) === JSON.stringify(announcement);
    const found = await unlessGone(() => (isSame ? list : abort)(deps, begun.target, signal));
    if (found !== undefined) return found;
  }
  const route = 'POST /v1/storage/multipart';
  const target = await requester.send(route, { body: announcement }, tokens, { signal });
  if (key !== undefined) await store.set(key, JSON.stringify({ target, announcement }));
  return uploadOf(target, []);
}

/** Undefined for none, and for one of an earlier version, which did not keep what it announced. */
async function readBegun(store: Store, key: string): Promise<Begun | undefined> {
  const text = await store.get(key);
  const begun: Partial<Begun> = text === undefined ? {} : JSON.parse(text);
  const { announcement, target } = begun;
  return announcement && target && { announcement, target };
}

async function list(
  { requester, tokens }: PartsOptions,
  target: Target,
  signal: AbortSignal,
): Promise<PartsUpload> {
  const path = { file_id: target.file_id };
  const route = 'GET /v1/storage/multipart/:file_id/parts';
  const { parts } = await requester.send(route, { path }, tokens, { signal });
  return uploadOf(target, parts);
}

/** Its parts would count against the quota of the user until they expire. */
async function abort(
  { requester, tokens }: PartsOptions,
  { file_id }: Target,
  signal: AbortSignal,
): Promise<undefined> {
  const route = 'DELETE /v1/storage/multipart/:file_id';
  await requester.send(route, { path: { file_id } }, tokens, { signal });
}

/** Undefined where the upload has expired, was aborted or is complete: then it is sent anew. */
async function unlessGone<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RefusedError && [404, 409].includes(error.status)) return undefined;
    throw error;
  }
}

/** An upload that is complete is not resumed. */
export async function forgetParts(store: Store, { resumeKey }: UploadOptions): Promise<void> {
  if (resumeKey !== undefined) await store.delete(keyOf(resumeKey));
}

function uploadOf(
  target: Target,
  parts: readonly { readonly part_number: number; readonly size: number }[],
): PartsUpload {
  const there = new Set(parts.map(({ part_number: number }) => number));
  const numbers = Array.from({ length: target.part_count }, (_, n) => n + 1);
  return {
    target,
    sentBytes: parts.reduce((sum, { size }) => sum + size, 0),
    missing: numbers.filter((number) => !there.has(number)),
  };
}

function keyOf(resumeKey: string): string {
  return `upload/${resumeKey}`;
}
