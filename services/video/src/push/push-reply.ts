import type { PushOutcome } from './push-sender.ts';

/** A push service that asks for a longer pause is asked again after this. */
const maxRetryAfterSeconds = 3600;

/** A pause that a reply asks for, in seconds: RFC 9110, 10.2.3. Undefined if it asks for none. */
export function retryAfterSeconds(
  header: string | null | undefined,
  nowMs = Date.now(),
): number | undefined {
  if (header === null || header === undefined || header === '') return undefined;
  const isDate = header.endsWith(' GMT');
  const seconds = isDate ? Math.ceil((Date.parse(header) - nowMs) / 1000) : wholeSeconds(header);
  return Number.isFinite(seconds)
    ? Math.min(Math.max(seconds, 0), maxRetryAfterSeconds)
    : undefined;
}

/** NaN for anything else. */
function wholeSeconds(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** What all push services mean by a status that is none of their own errors. */
export function outcomeOf(
  status: number,
  reason: string,
  retryAfter: string | null | undefined,
): PushOutcome {
  if (status >= 200 && status < 300) return { result: 'sent' };
  if (status === 404 || status === 410) return { result: 'gone', reason };
  if (status === 429 || status >= 500) {
    return { result: 'failed', reason, retryAfterSeconds: retryAfterSeconds(retryAfter) };
  }
  return { result: 'refused', reason };
}
