/** The replies that are one line: RESP2 and RESP3 (redis.io/docs/latest/develop/reference/protocol-spec). */
const oneLine = ['+', '-', ':', '_', '#', ',', '('];
/** How many replies follow an entry of the count in its first line. */
const aggregates: Readonly<Record<string, number>> = { '*': 1, '~': 1, '>': 1, '%': 2 };

/**
 * Where the reply that begins at `from` ends; undefined while it is not whole.
 * @param bytes the reply as latin1, so that a character is a byte
 * @throws Error for what is no reply of Redis
 */
export function respEnd(bytes: string, from = 0): number | undefined {
  const lineEnd = bytes.indexOf('\r\n', from);
  if (lineEnd < 0) return undefined;
  const type = bytes.charAt(from);
  const next = lineEnd + 2;
  if (oneLine.includes(type)) return next;
  const count = Number(bytes.slice(from + 1, lineEnd));
  if (type === '$' || type === '=' || type === '!') {
    const end = count < 0 ? next : next + count + 2;
    return end <= bytes.length ? end : undefined;
  }
  const each = aggregates[type];
  if (each === undefined) throw new Error(`not a reply of Redis: ${bytes.slice(from, lineEnd)}`);
  let at: number | undefined = next;
  for (let left = count * each; left > 0 && at !== undefined; left -= 1) at = respEnd(bytes, at);
  return at;
}
