/** The JSON in a text; undefined for other texts, which whoever reads the value refuses. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
