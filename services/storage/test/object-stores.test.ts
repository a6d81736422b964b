import {
  namedS3,
  namedS3SkipReason,
  ownS3SkipReason,
  type S3Engine,
  s3Engines,
  type TestS3,
  testS3,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeObjectStore } from './object-store-contract.ts';

describe('files in a directory', () => describeObjectStore({ s3: () => undefined }));

const onEngine = (engine: S3Engine) => () => {
  let server: TestS3 | undefined;
  beforeAll(async () => {
    server = await testS3(engine);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  describeObjectStore({ s3: () => server });
};
for (const engine of s3Engines) {
  describe.skipIf(ownS3SkipReason !== '')(`files in ${engine}${ownS3SkipReason}`, onEngine(engine));
}

if (namedS3SkipReason === '') {
  describe('files in the S3 that was named', () => describeObjectStore({ s3: namedS3 }));
}
