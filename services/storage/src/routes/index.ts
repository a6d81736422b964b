import { storage } from '@secureconnect/contracts/endpoints';
import { type Route, routesOf } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { downloadRoutes } from './downloads.ts';
import { exportRoutes } from './exports.ts';
import { fileRoutes } from './files.ts';
import { multipartRoutes } from './multipart.ts';
import { objectRoutes } from './objects.ts';
import { partObjectRoutes } from './part-objects.ts';
import { quotaRoutes } from './quota.ts';
import { shareRoutes } from './shares.ts';
import { uploadRoutes } from './uploads.ts';

/** Every route of storage. */
export const storageRoutes: readonly Route<RouteContext>[] = routesOf(storage, {
  ...uploadRoutes,
  ...multipartRoutes,
  ...objectRoutes,
  ...partObjectRoutes,
  ...downloadRoutes,
  ...exportRoutes,
  ...fileRoutes,
  ...shareRoutes,
  ...quotaRoutes,
});
