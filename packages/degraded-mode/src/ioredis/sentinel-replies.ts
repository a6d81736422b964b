/** A reply as a list; empty if it is no list. */
export function list(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

/** "name", "mymaster", "ip", … → { name: 'mymaster', ip: … } */
export function fields(reply: unknown): Partial<Record<string, string>> {
  const words = list(reply).map(String);
  return Object.fromEntries(
    words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])),
  );
}
