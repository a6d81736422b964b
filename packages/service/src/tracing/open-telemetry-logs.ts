import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { type AnyValueMap, type Logger, SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import { within } from '@secureconnect/degraded-mode';
import type { LineOutcome, LogExport } from '../observability/log-export.ts';
import type { OutageLog } from '../observability/outage-log.ts';
import { resourceOf } from './open-telemetry.ts';

/** How long a stop waits for the receiver. */
const maxStopMs = 2000;
/** Lines that wait; further ones are dropped and counted. */
const maxWaiting = 2048;

const severities: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

/** `ExportResultCode` of @opentelemetry/core, which is no dependency of ours. */
const success = 0;

/**
 * Exports lines by OTLP over HTTP with JSON, in the background and in batches, with the settings of
 * OpenTelemetry's environment. `outages` is asked for once there is a log.
 */
export function openTelemetryLogs(service: string, outages: () => OutageLog): LogExport {
  return new ExportedLines(service, outages);
}

class ExportedLines implements LogExport {
  readonly #counts: Record<LineOutcome, number> = { exported: 0, failed: 0, dropped: 0 };
  readonly #provider: LoggerProvider;
  readonly #logger: Logger;
  #waiting = 0;

  constructor(service: string, outages: () => OutageLog) {
    const counted = this.#counted(new OTLPLogExporter(), outages);
    const processor = new BatchLogRecordProcessor({ exporter: counted, maxQueueSize: maxWaiting });
    this.#provider = new LoggerProvider({ resource: resourceOf(service), processors: [processor] });
    this.#logger = this.#provider.getLogger('secureconnect');
  }

  write(line: string): void {
    // The processor would drop it and not say so.
    if (this.#waiting >= maxWaiting) {
      this.#counts.dropped += 1;
      return;
    }
    this.#waiting += 1;
    const { level, time, msg, service: _inResource, ...fields } = JSON.parse(line) as WrittenLine;
    this.#logger.emit({
      timestamp: new Date(time),
      severityNumber: severities[level] ?? SeverityNumber.UNSPECIFIED,
      severityText: level,
      body: msg,
      attributes: fields,
      context: contextOf(fields),
    });
  }

  counts(): Readonly<Record<LineOutcome, number>> {
    return this.#counts;
  }

  async stop(): Promise<void> {
    try {
      await within(this.#provider.shutdown(), maxStopMs, 'the export of the last lines');
    } catch {
      // The lines are on standard output, and nobody would receive one that says so.
      this.#counts.failed += this.#waiting;
    }
  }

  /** The exporter, with the outcome of each batch counted and said once per outage. */
  #counted(exporter: LogRecordExporter, outages: () => OutageLog): LogRecordExporter {
    return {
      export: (records: ReadableLogRecord[], done) => {
        this.#waiting -= records.length;
        exporter.export(records, ({ code, error }) => {
          const outcome = code === success ? 'exported' : 'failed';
          this.#counts[outcome] += records.length;
          if (outcome === 'exported') outages().worked();
          else outages().failed(error);
          // Else OpenTelemetry would say so of each batch, as a fault of traces.
          done({ code: success });
        });
      },
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    };
  }
}

/** What pino writes; the fields of the line are JSON. */
interface WrittenLine extends AnyValueMap {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
}

/** Receivers find the lines of a trace by their own fields for its ids. */
function contextOf({ trace_id: traceId, span_id: spanId }: AnyValueMap): Context {
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 0 });
}
