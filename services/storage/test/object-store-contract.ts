import type { S3Address } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { openTestContext } from './context.ts';
import { describeMultipart } from './contract/multipart.ts';
import { describeReconciling } from './contract/reconciling.ts';
import type { ContractScene } from './contract/scene.ts';
import { describeSweeping } from './contract/sweeping.ts';
import { describeUploads } from './contract/uploads.ts';
import { describeUrls } from './contract/urls.ts';
import { startStorage } from './harness.ts';

export interface ObjectStoreUnderTest {
  /** Undefined for a directory. */
  s3(): S3Address | undefined;
}

/**
 * What every object store must do, as clients of the service see it. The stores differ in where
 * bytes are refused: by the service as they arrive, or at upload-complete.
 */
export function describeObjectStore({ s3 }: ObjectStoreUnderTest): void {
  let scene: ContractScene | undefined;
  const given = (): ContractScene => {
    if (scene === undefined) throw new Error('the service has not started');
    return scene;
  };
  beforeAll(async () => {
    scene = await openScene(s3());
  });
  afterAll(() => scene?.storage[Symbol.asyncDispose]());

  describe('an upload', () => describeUploads(given));
  describe('a presigned URL', () => describeUrls(given));
  describe('a file in parts', () => describeMultipart(given));
  describe('what was never finished', () => describeSweeping(given));
  describe('reconciling', () => describeReconciling(given));
}

async function openScene(s3: S3Address | undefined): Promise<ContractScene> {
  const clock = { nowMs: Date.now() };
  const now = (): number => clock.nowMs;
  const options = { overrides: { now }, ...(s3 === undefined ? {} : { s3 }) };
  const storage = await startStorage(options);
  const context = await openTestContext(storage, { now });
  const stored = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const { name } of context.objects.list()) names.push(name);
    return names.sort();
  };
  return Object.assign(clock, { storage, context, stored });
}
