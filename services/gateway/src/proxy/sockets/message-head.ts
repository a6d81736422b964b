/**
 * The head of a message on a raw connection (RFC 9112, 2.1), to be written in latin1.
 * @param headers alternating names and values, as a parser of HTTP has accepted them
 */
export function messageHead(startLine: string, headers: readonly string[]): string {
  let head = `${startLine}\r\n`;
  for (let at = 0; at + 1 < headers.length; at += 2)
    head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return `${head}\r\n`;
}
