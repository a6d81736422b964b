import { DataExport, DataExportLink } from '../../data-export.ts';
import { endpoint } from '../../endpoint.ts';

const of = { tag: 'Account', auth: 'bearer' } as const;
const limit = { bucket: 'data-export', perMinute: 10, countedBy: 'user' } as const;

export const requestDataExport = endpoint({
  ...of,
  route: 'POST /v1/users/me/export',
  id: 'requestDataExport',
  action: 'requesting an export',
  summary: 'Request an export of all your data (idempotent for an hour)',
  description:
    'Requires a recent sign-in or step-up. The services write their parts within seconds, or when they are up again; a mail tells when the export is ready.',
  reply: DataExport,
  status: 202,
  errors: ['STEP_UP_REQUIRED'],
  limit,
});

export const getDataExport = endpoint({
  ...of,
  route: 'GET /v1/users/me/export',
  id: 'getDataExport',
  action: 'the state of an export',
  summary: 'Get the state of your export',
  description:
    'When `state` is ready, get a link from POST /v1/users/me/export/link. NOT_FOUND if there is no export, or it has expired.',
  reply: DataExport,
  errors: ['NOT_FOUND'],
  limit: { bucket: 'data-export-state', perMinute: 60, countedBy: 'user' },
});

export const createDataExportLink = endpoint({
  ...of,
  route: 'POST /v1/users/me/export/link',
  id: 'createDataExportLink',
  action: 'downloading an export',
  summary: 'Get a link, valid for 15 minutes, to the archive of your export',
  description: 'Requires a recent sign-in or step-up.',
  reply: DataExportLink,
  errors: ['STEP_UP_REQUIRED', 'NOT_FOUND', 'CONFLICT'],
  limit,
});
