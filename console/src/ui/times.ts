const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const hourAndMinute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** A time of today by its clock alone, any other with its day. */
export function timeText(at: string | number, nowMs: number = Date.now()): string {
  return (isSameDay(at, nowMs) ? time : dayAndTime).format(new Date(at));
}

/** The same in little room: a time of today by hour and minute, any other by its day alone. */
export function shortTime(at: string | number, nowMs: number = Date.now()): string {
  return (isSameDay(at, nowMs) ? hourAndMinute : dayAndMonth).format(new Date(at));
}

function isSameDay(at: string | number, nowMs: number): boolean {
  return new Date(at).toDateString() === new Date(nowMs).toDateString();
}

/** A length of time: `8 s`, `3 min 5 s`, `2 h 4 min`, `5 d 3 h`. */
export function lengthText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const from = units.findIndex(([size]) => seconds >= size);
  if (from === -1) return '0 s';
  const shown: string[] = [];
  let left = seconds;
  for (const [size, name] of units.slice(from, from + 2)) {
    const count = Math.floor(left / size);
    if (count > 0) shown.push(`${count} ${name}`);
    left -= count * size;
  }
  return shown.join(' ');
}
