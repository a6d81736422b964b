/** `traceparent` of W3C Trace Context; later versions may add parts behind these. */
const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.{0,400})?$/;
const none = '0'.repeat(32);

/** The trace id of a `traceparent` header; undefined if it is not valid. */
export function traceIdOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, more] = shape.exec(header) ?? [];
  const isVersion = version === '00' ? more === undefined : version !== 'ff';
  return isVersion && traceId !== none ? traceId : undefined;
}
