import type { auth } from '@secureconnect/contracts/endpoints';
import { preparedExport, type SamplesOf } from '@secureconnect/testkit';

type ExportEndpoints = Pick<
  typeof auth,
  'requestDataExport' | 'getDataExport' | 'createDataExportLink'
>;

const path = '/v1/users/me/export';

export const dataExportSamples: SamplesOf<ExportEndpoints> = {
  'POST /v1/users/me/export': {
    status: 202,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      const count = 'SELECT count(*) FROM auth.data_exports WHERE user_id = $1';
      return { path, token, effect: { count, values: [userId] } };
    },
  },
  'GET /v1/users/me/export': {
    status: 200,
    async prepare(world) {
      const { token } = await world.knownUser();
      await world.data('auth', 'POST', path, { token });
      return { path, token };
    },
  },
  'POST /v1/users/me/export/link': {
    status: 200,
    async prepare(world) {
      const { token, exportId } = await preparedExport(world);
      const count = 'SELECT count(*) FROM auth.export_links WHERE export_id = $1';
      return { path: `${path}/link`, token, effect: { count, values: [exportId] } };
    },
  },
};
