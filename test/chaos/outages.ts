import type { History, Span } from './history.ts';
import { proxyFaultOf } from './schedule.ts';

/** Work that had begun when a span ended may end a moment later. */
const graceMs = 500;

/**
 * When Redis was not normal for an instance: while it was down or slow to answer, and while an
 * instance was in degraded mode by its own log.
 */
export function outagesOf(history: History): Span[] {
  const away = history.faults.filter(({ planned }) => planned.lastsMs > 0);
  const spans: Span[] = [...away, ...history.slow].map(({ beginMs, endMs }) => ({
    beginMs,
    endMs: endMs + graceMs,
  }));
  const entered = new Map<string, number>();
  for (const { instance, msg, atMs } of history.logs) {
    const since = entered.get(instance);
    if (msg === 'Redis entered degraded mode') entered.set(instance, since ?? atMs);
    if (msg !== 'Redis recovered from degraded mode' || since === undefined) continue;
    spans.push({ beginMs: since - graceMs, endMs: atMs + graceMs });
    entered.delete(instance);
  }
  // An instance that was closed meanwhile never logs its recovery; its successor does.
  for (const [instance, since] of entered) {
    const closed = history.restarts.find(
      (restart) => restart.instance === instance && restart.endMs > since,
    );
    spans.push({ beginMs: since - graceMs, endMs: closed?.endMs ?? Number.POSITIVE_INFINITY });
  }
  return spans;
}

export function overlaps(spans: readonly Span[], beginMs: number, endMs: number): boolean {
  return spans.some((span) => span.beginMs <= endMs && beginMs <= span.endMs);
}

/**
 * When the machine had no time for this run: nobody has frozen Redis, yet it took long to answer, or
 * this process came too late to ask; and it did not work itself, as it would if a service kept the
 * event loop busy.
 */
export function starvedSpansOf({ slow, faults }: History): Span[] {
  const ofServer = faults
    .filter(({ planned }) => planned.lastsMs > 0 && proxyFaultOf(planned) === undefined)
    .map(({ beginMs, endMs }) => ({ beginMs, endMs: endMs + graceMs }));
  return slow.filter(({ beginMs, endMs, isLate, workedMs }) => {
    const isIdle = workedMs < (endMs - beginMs) / 2;
    return isIdle && (isLate || !overlaps(ofServer, beginMs, endMs));
  });
}

/** How much of a stretch of time the spans cover, in milliseconds. */
export function coveredMs(spans: readonly Span[], beginMs: number, endMs: number): number {
  let coveredMs = 0;
  let untilMs = beginMs;
  for (const span of spans.toSorted((a, b) => a.beginMs - b.beginMs)) {
    const fromMs = Math.max(untilMs, span.beginMs);
    const toMs = Math.min(endMs, span.endMs);
    if (toMs <= fromMs) continue;
    coveredMs += toMs - fromMs;
    untilMs = toMs;
  }
  return coveredMs;
}
