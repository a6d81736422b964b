import type { Invariant } from './invariant.ts';

/** An outage is a warning; an error is a fault of ours. */
export const logs: Invariant = {
  name: 'no service logs an error',
  judge({ logs: lines }) {
    const errors = lines.filter(({ level }) => level === 'error' || level === 'fatal');
    const broken = errors.map(({ text }) => text.trim());
    return { broken, judged: lines.length, seen: `${lines.length} lines` };
  },
};
