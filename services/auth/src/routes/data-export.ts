import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { requireStepUp } from '../require-step-up.ts';
import { hashOf, newSecret } from '../secrets.ts';
import { findExport, insertExportLink, requestExport } from '../stores/data-exports.ts';
import { route } from './route.ts';

const linkSeconds = 15 * 60;

const request = route(auth.requestDataExport, {}, async (asked) => {
  const { user, context, noteSecurity, ...client } = asked;
  const { userId, sessionId } = user;
  const origin = auditOrigin({ ...client, context });
  const requested = await context.database.transaction(async (sql) => {
    await requireStepUp(sql, sessionId);
    const { found, isNew } = await requestExport(sql, userId);
    const action = 'data_export_requested';
    if (isNew) await recordAudit(sql, { action, userId, sessionId, origin });
    return found;
  });
  noteSecurity('data_export_requested', { userId, sessionId });
  return requested;
});

const state = route(auth.getDataExport, {}, async ({ user, context }) => {
  const found = await findExport(context.database, user.userId);
  if (found === undefined) throw noExport();
  return found;
});

const link = route(auth.createDataExportLink, {}, async ({ user, context, ...client }) => {
  const { userId, sessionId } = user;
  const origin = auditOrigin({ ...client, context });
  const token = newSecret();
  return context.database.transaction(async (sql) => {
    await requireStepUp(sql, sessionId);
    const found = await findExport(sql, userId);
    if (found === undefined) throw noExport();
    if (found.state !== 'ready') {
      throw new ApiError('CONFLICT', 'The export is not ready yet; a mail tells when it is.');
    }
    const exportId = found.export_id;
    const tokenHash = hashOf(token);
    const newLink = { tokenHash, exportId, sessionId, seconds: linkSeconds };
    const expiresAt = await insertExportLink(sql, newLink);
    const action = 'data_export_link_created';
    await recordAudit(sql, { action, userId, sessionId, origin });
    return {
      download_path: `/v1/storage/exports/${exportId}?token=${token}`,
      expires_at: expiresAt.toISOString(),
    };
  });
});

function noExport(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no export; request one.');
}

export const dataExportRoutes = {
  requestDataExport: request,
  getDataExport: state,
  createDataExportLink: link,
};
