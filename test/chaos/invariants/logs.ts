import type { Invariant } from './invariant.ts';

/** An outage is a warning; an error is a fault of ours. */
export const logs: Invariant = {
  name: 'no service logs an error',
  judge({ logs: lines }) {
    const errors = lines.filter(({ level }) => level === 'error' || level === 'fatal');
    return { broken: errors.map(({ text }) => text.trim()), seen: `${lines.length} lines` };
  },
};
