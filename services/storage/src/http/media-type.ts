/** Media types are compared without regard to case and to spaces around their parameters. */
export function sameMediaType(one: string, other: string): boolean {
  return plainly(one) === plainly(other);
}

function plainly(contentType: string): string {
  return contentType
    .toLowerCase()
    .replaceAll(/ *([;=]) */g, '$1')
    .trim();
}
