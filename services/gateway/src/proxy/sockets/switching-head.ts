/** The head of a 101, and the bytes of the new protocol that arrived with it. */
export interface SwitchingHead {
  /** Alternating names and values. */
  readonly rawHeaders: readonly string[];
  readonly rest: Buffer;
}

/** As for heads that Node.js parses. */
const maxHeadBytes = 16 * 1024;
const statusLine = /^HTTP\/1\.1 101(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** RFC 9110, 5.5 and 5.6.2, with at most one space before the value. */
const field =
  /^([\w!#$%&'*+.^`|~-]+): ?([\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)$/;
const framing = /^(?:content-length|transfer-encoding)$/i;

/**
 * Reads the head of a 101 in the plain form in which servers write it: whole, in HTTP/1.1, one header
 * a line, for a WebSocket, without a body. Undefined for anything else, a part of such a head
 * included; that is for the parser of Node.js to judge.
 */
export function readSwitchingHead(bytes: Buffer): SwitchingHead | undefined {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  if (end < 0 || end > maxHeadBytes) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  if (!statusLine.test(first)) return undefined;
  const rawHeaders: string[] = [];
  let isWebSocket = false;
  for (const line of lines) {
    const [, name, value] = field.exec(line) ?? [];
    if (name === undefined || value === undefined || framing.test(name)) return undefined;
    isWebSocket ||= name.toLowerCase() === 'upgrade' && value.toLowerCase() === 'websocket';
    rawHeaders.push(name, value);
  }
  return isWebSocket ? { rawHeaders, rest: bytes.subarray(end + 4) } : undefined;
}
