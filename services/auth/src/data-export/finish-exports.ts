import type { Database } from '@secureconnect/postgres';
import { gauge, type Logger, repeatEvery, type ServiceMetrics } from '@secureconnect/service';
import { exportParts } from '@secureconnect/tokens';
import { writeMail } from '../mail/mail-effect.ts';
import { exportsInProgress, markReady, writtenExports } from '../stores/data-exports.ts';
import { findAccount } from '../stores/users.ts';

export interface FinishExportsDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
}

const intervalMs = 1000;
/** Maximum exports per turn. */
const maxPerTurn = 20;

/**
 * Marks exports as ready when every service has written its part, and mails their users. Any
 * instance may do it (docs/adr/0029). Returns what stops it.
 */
export function startFinishingExports({ database, log, metrics }: FinishExportsDeps) {
  let measured = { count: 0, oldestSeconds: 0 };
  gauge(metrics, {
    name: 'auth_data_exports_in_progress',
    help: 'Exports of the data of a person that were requested and are not ready',
    read: () => measured.count,
  });
  gauge(metrics, {
    name: 'auth_data_export_oldest_seconds',
    help: 'Seconds since the oldest export that is not ready was requested',
    read: () => measured.oldestSeconds,
  });
  const run = async (): Promise<void> => {
    for (const exportId of await writtenExports(database, exportParts, maxPerTurn)) {
      await finishExport(database, exportId);
      log.info({ export_id: exportId }, 'export ready');
    }
    measured = await exportsInProgress(database);
  };
  return repeatEvery({ intervalMs, what: 'finishing exports', log, run });
}

async function finishExport(database: Database, exportId: string): Promise<void> {
  await database.transaction(async (sql) => {
    const userId = await markReady(sql, exportId);
    if (userId === undefined) return;
    const { user } = await findAccount(sql, userId);
    await writeMail(sql, {
      key: `data-export-ready:${exportId}`,
      to: user.email,
      userId,
      subject: 'The export of your data is ready',
      text: [
        'The export of your SecureConnect data is ready. Download it in your client within a day.',
        '',
        'If you did not request it, somebody else uses your account: change your password, which',
        'ends all other sessions.',
      ].join('\n'),
    });
  });
}
