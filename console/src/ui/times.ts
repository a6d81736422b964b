const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A time of today by its clock alone, any other with its day. */
export function timeText(at: string | number, nowMs: number = Date.now()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return (isToday ? time : dayAndTime).format(date);
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
