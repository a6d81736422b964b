/** `node gateway-process.ts VARIABLES`: serves a gateway and tells the parent when it does. */

import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { createLogger } from '@secureconnect/service';
import { endWithParent, tellParent } from '../support/child.ts';

endWithParent();
const config = readGatewayConfig(JSON.parse(process.argv[2] ?? ''));
const log = createLogger({ service: 'api-gateway', level: config.logLevel });
const service = await createGateway(config, log);
tellParent({ kind: 'listening', port: await service.listen(config.port) });
