import { type Span, trace } from '@opentelemetry/api';
import type { DegradedMode, FallbackUsed } from './degraded-mode.ts';
import { kebabCase } from './fallbacks-used.ts';

/** Of each span by port, whichever mode backs it. */
const byPort = new WeakMap<Span, Map<string, string>>();

/**
 * Names on the active span each fallback that answers or refuses a call: `degraded.port` and
 * `degraded.fallback`, two lists in the same order, one entry for each port of the span. Spans are
 * those of whatever tracing the app has. Returns a function that stops it.
 */
export function traceFallbacks(mode: DegradedMode): () => void {
  const note = ({ port, fallback }: FallbackUsed): void => {
    const span = trace.getActiveSpan();
    if (span?.isRecording() !== true) return;
    const used = byPort.get(span) ?? new Map<string, string>();
    byPort.set(span, used);
    used.set(kebabCase(port), fallback);
    span.setAttributes({
      'degraded.port': [...used.keys()],
      'degraded.fallback': [...used.values()],
    });
  };
  mode.on('fallback', note);
  return () => {
    mode.off('fallback', note);
  };
}
