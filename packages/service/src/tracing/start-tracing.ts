import type { Logger } from '../observability/logger.ts';
import { setTracing } from './tracing.ts';

/** Traces this process from now on. The libraries are loaded here, and nowhere else. */
export async function startTracing(service: string, log: Logger): Promise<void> {
  const { openTelemetry } = await import('./open-telemetry.ts');
  setTracing(openTelemetry(service, log));
}
