const slotCount = 16_384;
const polynomial = 0x1021;

/** CRC-16/XMODEM of each byte. */
const checksums = Uint16Array.from({ length: 256 }, (_unused, byte) => {
  let checksum = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) {
    checksum = (checksum << 1) ^ (checksum & 0x8000 ? polynomial : 0);
  }
  return checksum;
});

/**
 * The slot of a key or of a sharded channel in a cluster, from 0 to 16,383: CRC-16/XMODEM of its
 * hash tag (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec). Here, and
 * not from a library, because the package has no dependency.
 */
export function slotOf(name: string): number {
  let checksum = 0;
  for (const byte of Buffer.from(hashed(name))) {
    checksum = ((checksum << 8) & 0xffff) ^ (checksums[((checksum >> 8) ^ byte) & 0xff] ?? 0);
  }
  return checksum % slotCount;
}

/** What is between the first brace and the next closing one, if anything is; else the whole name. */
function hashed(name: string): string {
  const from = name.indexOf('{');
  const to = from < 0 ? -1 : name.indexOf('}', from + 1);
  return to > from + 1 ? name.slice(from + 1, to) : name;
}
