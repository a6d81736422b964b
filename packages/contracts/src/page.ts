import { z } from 'zod';
import { storable } from './primitives.ts';

export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAX = 100;

/** Query strings carry text: digits become the number, anything else is left to be refused. */
const digitsToNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;

/** How many entries a page holds: 1 to 100, 20 where it is not given. */
export const Limit = z
  .preprocess(
    digitsToNumber,
    z
      .int(`expected a whole number from 1 to ${PAGE_LIMIT_MAX}`)
      .min(1)
      .max(PAGE_LIMIT_MAX)
      // For OpenAPI: zod leaves the outer default out of the schema of a preprocessed input.
      .meta({ default: PAGE_LIMIT_DEFAULT }),
  )
  .default(PAGE_LIMIT_DEFAULT);

/** Where the next page starts, as an earlier page gave it; empty means the first page. */
export const Cursor = z
  .string()
  .max(512)
  .check(storable)
  .transform((value) => (value === '' ? undefined : value))
  .optional();

/** The query of a list. */
export const PageQuery = z.object({ limit: Limit, cursor: Cursor });
export type PageQuery = z.infer<typeof PageQuery>;

/** What every page of a list ends with; `next_cursor` is null on the last one. */
export const pageEnd = { next_cursor: z.string().nullable(), has_more: z.boolean() };
