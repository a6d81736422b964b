import type { Check } from '../check.ts';
import { usableBucket } from '../files/of-bucket.ts';
import { ok, skipped, warn } from '../outcome.ts';

/**
 * What users delete is gone in the end. In a bucket with versions a deleted file stays as an old
 * version, until a rule of its lifecycle ends it.
 */
export const bucketVersionsCheck: Check = {
  name: 'bucket-versions',
  finds: 'a bucket that keeps deleted files for good, as old versions',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html',
  async run(deployment) {
    const { bucket, endsOldVersions, versioning } = await usableBucket(deployment);
    if (versioning === undefined)
      return skipped('the key may not read the versioning of the bucket');
    if (versioning !== 'Enabled') return ok('no versions: a deleted file is gone');
    if (endsOldVersions === true) return ok('old versions end by a rule');
    if (endsOldVersions === undefined) {
      return skipped('versions are on; the key may not read whether a rule ends old ones');
    }
    return warn(
      `${bucket} keeps deleted files, those of deleted accounts too, as old versions`,
      'a rule that ends old versions',
      'Set a lifecycle rule with NoncurrentVersionExpiration, such as 30 days.',
    );
  },
};
