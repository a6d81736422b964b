import type { Check } from '../check.ts';
import { usableBucket } from '../files/of-bucket.ts';
import { fail, type Problem, skipped, verdict, warn } from '../outcome.ts';

/** Pages of CORS_ORIGINS may upload to the bucket, and no others. */
export const bucketCorsCheck: Check = {
  name: 'bucket-cors',
  finds: 'an object store that refuses pages of CORS_ORIGINS, or permits those of any origin',
  source: 'operations.md#cors',
  async run(deployment) {
    const { origins, permitsAnyOrigin, refusedOrigins } = await usableBucket(deployment);
    if (origins.length === 0) return skipped('CORS_ORIGINS is not set: no page uploads files');
    const problems: Problem[] = [];
    if (refusedOrigins.length > 0) {
      problems.push(
        fail(
          `pages of ${refusedOrigins.join(', ')} may not upload`,
          'all origins in CORS_ORIGINS',
          'Set a CORS rule on the bucket, or MINIO_API_CORS_ALLOW_ORIGIN (docs/operations.md, CORS).',
        ),
      );
    }
    if (permitsAnyOrigin) {
      problems.push(
        warn(
          'pages of any origin may use a signed URL that they get hold of',
          'the origins in CORS_ORIGINS alone',
          'Set MINIO_API_CORS_ALLOW_ORIGIN, or replace * in the CORS rule of the bucket.',
        ),
      );
    }
    return verdict(problems, `${origins.join(', ')} alone`);
  },
};
