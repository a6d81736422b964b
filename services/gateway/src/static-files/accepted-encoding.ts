/** The smallest first. */
const encodings = ['br', 'gzip'] as const;

export type ContentEncoding = (typeof encodings)[number];

/**
 * The smallest of the encodings that exist and that a client accepts; undefined for the plain bytes.
 * @param acceptEncoding the header, such as `gzip;q=0.5, br`
 */
export function acceptedEncoding(
  acceptEncoding: string | string[] | undefined,
  existing: Readonly<Partial<Record<ContentEncoding, unknown>>>,
): ContentEncoding | undefined {
  const accepted = new Set(
    String(acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((coding) => coding.split(';').map((part) => part.trim()))
      .filter(([, weight = 'q=1']) => Number(weight.replace('q=', '')) > 0)
      .map(([name]) => name),
  );
  return encodings.find((each) => existing[each] !== undefined && accepted.has(each));
}
