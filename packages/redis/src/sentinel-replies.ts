/** A reply that should be a list; an empty one where it is none. */
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
