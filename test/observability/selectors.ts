/** Where a name stands for something else than a metric. */
const clauses = /\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const functions = /\b[a-z_]+(?=\s*\()/g;
const operators = /\b(?:and|or|unless|bool|offset)\b/g;
const selector = /\b[a-zA-Z_:][\w:]*(?:\{(?:"(?:[^"\\]|\\.)*"|[^}"])*\})?/g;
const durations = /\[[^\]]*\]/g;

/** The selectors of a PromQL expression, `name{…}`, each once. */
export function selectorsOf(expression: string): string[] {
  const without = [clauses, functions, operators, durations].reduce(
    // Nothing within quotes is touched: a matcher may hold any text.
    (text, pattern) => outsideQuotes(text, pattern),
    expression,
  );
  return [...new Set(without.match(selector) ?? [])];
}

/** The name of the metric of a selector. */
export const metricOf = (text: string): string => text.replace(/\{.*/s, '');

function outsideQuotes(text: string, pattern: RegExp): string {
  const parts = text.split(/("(?:[^"\\]|\\.)*")/);
  return parts.map((part, index) => (index % 2 === 0 ? part.replace(pattern, ' ') : part)).join('');
}
