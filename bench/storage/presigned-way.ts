import { send, sizeOf } from './http.ts';
import type { StorageService } from './service.ts';
import type { Target, Way, WayName } from './ways.ts';

/**
 * The way of clients: a URL from upload-url, then PUT, upload-complete, download-url, GET.
 * @param servesBytes whether PUT and GET are requests to the service
 */
export function presigned(
  name: WayName,
  service: StorageService,
  { servesBytes }: { readonly servesBytes: boolean },
): Way {
  const target = async (sizeBytes: number): Promise<Target> => {
    const user = service.user();
    const asked = await service.uploadUrl(user, sizeBytes);
    let link = '';
    return {
      async put(body) {
        const { upload_url: url, headers } = asked;
        await sizeOf(await send(url, { method: 'PUT', headers, body }));
      },
      async settle() {
        link = await service.completed(user, asked.file_id);
      },
      get: async () => sizeOf(await send(link, { method: 'GET' })),
    };
  };
  return {
    name,
    ...(servesBytes ? { serverPid: service.pid } : {}),
    async targets(count, sizeBytes) {
      const targets: Target[] = [];
      for (let made = 0; made < count; made += 1) targets.push(await target(sizeBytes));
      return targets;
    },
  };
}
