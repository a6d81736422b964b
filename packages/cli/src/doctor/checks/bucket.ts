import type { Check } from '../check.ts';
import { fail, ok } from '../outcome.ts';

/** An object can be written, read and deleted with the key of storage. It is the doctor's own. */
export const bucketCheck: Check = {
  name: 'bucket',
  finds: 'a bucket that is missing, or whose key may not write, read and delete',
  source:
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html',
  async run(deployment) {
    const { bucket, reason } = await deployment.bucket();
    if (reason === undefined) return ok(`an object was written, read and deleted in ${bucket}`);
    return fail(
      `${bucket}: ${reason}`,
      'an object that can be written, read and deleted',
      'Correct S3_ENDPOINT, S3_BUCKET and the key, or its rights to put, get and delete objects.',
    );
  },
};
