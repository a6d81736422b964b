import { styleText } from 'node:util';

const colours = { warn: 'yellow', error: 'red', fatal: 'red' } as const;
const nameWidth = 'gateway'.length;

/** Formats a service's output line for a person: `auth     12:00:01 info  listening port=8081`. */
export function readableLine(service: string, line: string): string {
  const name = styleText('cyan', service.padEnd(nameWidth));
  const entry = parsed(line);
  if (entry === undefined) return `${name}  ${line}`;
  const { level, time, msg, service: _, err, ...rest } = entry;
  const clock = String(time).slice('2026-01-01T'.length, -'.000Z'.length);
  const colour = colours[String(level) as keyof typeof colours];
  const shownLevel = String(level).padEnd('error'.length);
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${shown(value)}`);
  const words = [
    name,
    clock,
    colour === undefined ? shownLevel : styleText(colour, shownLevel),
    ...(msg === undefined ? [] : [String(msg)]),
    ...(fields.length === 0 ? [] : [styleText('dim', fields.join(' '))]),
  ];
  return `${words.join(' ')}${stackOf(err)}`;
}

/** Returns undefined if the line is no log entry. */
function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'level' in entry && 'time' in entry
      ? { ...entry }
      : undefined;
  } catch {
    return undefined; // some other text in braces: shown as it is
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return '';
  return `\n${String(error.stack)}`;
}
