import type { Route } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { downloadRoutes } from './downloads.ts';
import { fileRoutes } from './files.ts';
import { objectRoutes } from './objects.ts';
import { quotaRoutes } from './quota.ts';
import { uploadRoutes } from './uploads.ts';

/** Every route of this service. */
export const storageRoutes: readonly Route<StorageContext>[] = [
  ...uploadRoutes,
  ...objectRoutes,
  ...downloadRoutes,
  ...fileRoutes,
  ...quotaRoutes,
];
