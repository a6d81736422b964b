import { createHash } from 'node:crypto';
import { storage } from '@secureconnect/contracts/endpoints';
import { ApiError, replied } from '@secureconnect/service';
import { sendExport } from '../exports/send-export.ts';
import { findExportToSend } from '../stores/exports.ts';
import { mayNeedObjects, route } from './route.ts';

const download = route(
  storage.downloadExport,
  mayNeedObjects,
  async ({ params, query, incoming, outgoing, context, log }, { objects: port }) => {
    const { database } = context;
    const tokenHash = createHash('sha256').update(query.token).digest();
    const found = await findExportToSend(database, params.export_id, tokenHash);
    if (found === undefined) {
      throw new ApiError('FORBIDDEN', 'This link is not valid or has expired; request a new one.', {
        security: { event: 'export_link_refused' },
      });
    }
    const objects = async () => (await port.use()).objects;
    await sendExport({ database, objects, log }, found, { incoming, outgoing });
    return replied;
  },
);

export const exportRoutes = { downloadExport: download };
