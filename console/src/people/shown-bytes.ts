const units = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** A size for a person: `812 B`, `1.5 MiB`. */
export function shownBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
