import { z } from 'zod';
import { storable } from './primitives.ts';

export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAX = 100;

/** Converts digits of a query to a number; anything else is left for the schema to refuse. */
const digitsToNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;

/** Maximum entries of a page: 1 to 100, default 20. */
export const Limit = z
  .preprocess(
    digitsToNumber,
    z
      .int(`expected a whole number from 1 to ${PAGE_LIMIT_MAX}`)
      .min(1)
      .max(PAGE_LIMIT_MAX)
      // For OpenAPI: zod omits the outer default from the schema of a preprocessed input.
      .meta({ default: PAGE_LIMIT_DEFAULT }),
  )
  .default(PAGE_LIMIT_DEFAULT);

/** The start of a page, from the previous page; empty means the first page. */
export const Cursor = z
  .string()
  .max(512)
  .check(storable)
  .transform((value) => (value === '' ? undefined : value))
  .optional();

/** The query of a list. */
export const PageQuery = z.object({ limit: Limit, cursor: Cursor });
export type PageQuery = z.infer<typeof PageQuery>;

/** The last fields of every page; `next_cursor` is null on the last page. */
export const pageEnd = { next_cursor: z.string().nullable(), has_more: z.boolean() };
