/** `node service-process.ts VARIABLES`: serves storage and tells the parent when it does. */
import { createStorage, readStorageConfig } from '@secureconnect/storage';
import { serveInChild } from '../support/serve-in-child.ts';

await serveInChild({
  name: 'storage-service',
  readConfig: readStorageConfig,
  create: createStorage,
});
