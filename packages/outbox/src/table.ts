/** The outbox of a schema, as SQL names it. Throws a RangeError for an invalid name. */
export function outboxTable(schema: string): string {
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) {
    throw new RangeError('expected the name of a schema: lower-case letters, digits and "_"');
  }
  return `${schema}.outbox`;
}
