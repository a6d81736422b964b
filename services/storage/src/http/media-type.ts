/** The maximum of `ContentType`, plus room for white space that is not compared. */
const maxMediaTypeLength = 512;

/**
 * Whether two media types are the same, ignoring case and white space around their parameters
 * (RFC 9110, 8.3.1). A media type of more than 512 characters equals no other.
 */
export function sameMediaType(one: string, other: string): boolean {
  if (one.length > maxMediaTypeLength || other.length > maxMediaTypeLength) return false;
  return normalised(one) === normalised(other);
}

/** Splitting also works for quoted values, because upload-url accepts no separators in them. */
function normalised(contentType: string): string {
  const parts = contentType.toLowerCase().split(';');
  return parts.map((part) => part.split('=').map(trimmed).join('=')).join(';');
}

const trimmed = (text: string): string => text.trim();
