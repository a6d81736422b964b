import { type LogExport, setLogExport } from '../observability/log-export.ts';
import type { Logger } from '../observability/logger.ts';
import { OutageLog } from '../observability/outage-log.ts';

/**
 * Exports the log of this process from now on. The libraries are loaded here, and nowhere else.
 * @param log the log that is exported, which also says when the receiver is down
 */
export async function startLogExport(service: string, log: () => Logger): Promise<LogExport> {
  const { openTelemetryLogs } = await import('./open-telemetry-logs.ts');
  let outages: OutageLog | undefined;
  const logExport = openTelemetryLogs(service, () => {
    outages ??= new OutageLog({
      log: log(),
      fields: { dependency: 'log receiver' },
      failedMessage: 'log lines are not exported',
      workedMessage: 'log lines are exported again',
    });
    return outages;
  });
  setLogExport(logExport);
  return logExport;
}
