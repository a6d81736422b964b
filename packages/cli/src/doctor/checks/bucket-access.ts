import type { Check } from '../check.ts';
import { usableBucket } from '../files/of-bucket.ts';
import { fail, verdict } from '../outcome.ts';

/** Files are read with a signed URL alone, which storage gives to those who may have the file. */
export const bucketAccessCheck: Check = {
  name: 'bucket-access',
  finds: 'a bucket whose files anybody can read or list',
  source:
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  async run(deployment) {
    const { admitsAnybody, bucket } = await usableBucket(deployment);
    const found = `anybody can ${admitsAnybody.join(' and ')} in ${bucket}`;
    const action = 'Remove the public policy and ACL of the bucket, and block public access.';
    const problems =
      admitsAnybody.length === 0 ? [] : [fail(found, 'no access without a signed URL', action)];
    return verdict(problems, 'no file is read or listed without a key');
  },
};
