/** What `ContentType` allows, with room for white space that is not compared. */
const maxMediaTypeLength = 512;

/**
 * Whether two media types are the same, without regard to case and to white space around their
 * parameters (RFC 9110, 8.3.1). One over 512 characters is the same as none.
 */
export function sameMediaType(one: string, other: string): boolean {
  if (one.length > maxMediaTypeLength || other.length > maxMediaTypeLength) return false;
  return normalised(one) === normalised(other);
}

/** No value that upload-url accepts holds a separator, so that splitting reads quoted ones too. */
function normalised(contentType: string): string {
  const parts = contentType.toLowerCase().split(';');
  return parts.map((part) => part.split('=').map(trimmed).join('=')).join(';');
}

const trimmed = (text: string): string => text.trim();
