import { z } from 'zod';

/** The metadata of every object, as far as the gateway reads it. */
export const ObjectMetadata = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  creationTimestamp: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
});
export type ObjectMetadata = z.infer<typeof ObjectMetadata>;

/** A page of a list (`PartialObjectMetadataList` of `meta.k8s.io/v1`). */
export const ListedPage = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  // Go writes an empty list as null.
  items: z
    .array(z.object({ metadata: ObjectMetadata }))
    .nullable()
    .transform((items) => items ?? []),
});
export type ListedPage = z.infer<typeof ListedPage>;

/** One condition of a field selector, with its three special characters escaped. */
export function fieldEquals(field: string, value: string): string {
  return `${field}=${value.replace(/[\\,=]/g, String.raw`\$&`)}`;
}
