/** `node auth-process.ts VARIABLES`: serves auth and tells the parent when it does. */

import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { createLogger } from '@secureconnect/service';
import { endWithParent, tellParent } from '../support/child.ts';

endWithParent();
const config = readAuthConfig(JSON.parse(process.argv[2] ?? ''));
const log = createLogger({ service: 'auth-service', level: config.logLevel });
const service = await createAuth(config, log);
tellParent({ kind: 'listening', port: await service.listen(config.port) });
