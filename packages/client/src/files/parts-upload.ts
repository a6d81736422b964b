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

/** Begins a file in parts, or finds the one that was begun under the same key. */
export async function beginParts(
  { requester, store, tokens }: PartsOptions,
  content: Blob,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<PartsUpload> {
  const key = options.resumeKey === undefined ? undefined : keyOf(options.resumeKey);
  const text = key === undefined ? undefined : await store.get(key);
  const list = async (target: Target): Promise<PartsUpload> => {
    const path = { file_id: target.file_id };
    const route = 'GET /v1/storage/multipart/:file_id/parts';
    const { parts } = await requester.send(route, { path }, tokens, { signal });
    return uploadOf(target, parts);
  };
  if (text !== undefined) {
    try {
      return await list(JSON.parse(text) as Target);
    } catch (error) {
      // It has expired, was aborted or is complete: then it is sent anew.
      const isGone = error instanceof RefusedError && [404, 409].includes(error.status);
      if (!isGone) throw error;
    }
  }
  const body = announcementOf(content, options);
  const target = await requester.send('POST /v1/storage/multipart', { body }, tokens, { signal });
  if (key !== undefined) await store.set(key, JSON.stringify(target));
  return uploadOf(target, []);
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
