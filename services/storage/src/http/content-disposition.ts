/**
 * `Content-Disposition: attachment` with the name in ASCII for old clients and in full for current
 * ones (RFC 6266, with the encoding of RFC 8187).
 */
export function attachment(fileName: string): string {
  // A quote would end the text, and some clients decode a percent sign.
  const plain = fileName.replace(/[^\x20-\x7e]|["%\\]/gu, '_');
  const full = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
