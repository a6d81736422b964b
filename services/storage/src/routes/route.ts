import { routesFor } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import type { StoragePorts } from '../ports.ts';

export const route = routesFor<StoragePorts, StorageContext>();
