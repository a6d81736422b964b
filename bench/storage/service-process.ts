/** `node service-process.ts VARIABLES`: serves storage and tells the parent when it does. */
import { createLogger } from '@secureconnect/service';
import { createStorage, readStorageConfig } from '@secureconnect/storage';
import { endWithParent, tellParent } from '../support/child.ts';

endWithParent();
const config = readStorageConfig(JSON.parse(process.argv[2] ?? ''));
const log = createLogger({ service: 'storage-service', level: config.logLevel });
const service = await createStorage(config, log);
tellParent({ kind: 'listening', port: await service.listen(config.port) });
