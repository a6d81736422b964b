import type { storage } from '@secureconnect/contracts/endpoints';
import { preparedExport, type SamplesOf, textField } from '@secureconnect/testkit';

export const exportSamples: SamplesOf<Pick<typeof storage, 'downloadExport'>> = {
  'GET /v1/storage/exports/:export_id': {
    status: 200,
    // Its user has no files.
    ports: [],
    async prepare(world) {
      const { token } = await preparedExport(world);
      const link = await world.data('auth', 'POST', '/v1/users/me/export/link', { token });
      return { path: textField(link, 'download_path') };
    },
  },
};
