const hourAndMinute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** A time of today by the clock, any other by its day. */
export function shortTime(time: string, now: Date = new Date()): string {
  const date = new Date(time);
  const isToday = date.toDateString() === now.toDateString();
  return (isToday ? hourAndMinute : dayAndMonth).format(date);
}
