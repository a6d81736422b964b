import { declarersFor } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import type { StoragePorts } from '../ports.ts';

/** Declares storage's routes. */
export const { route } = declarersFor<StoragePorts, StorageContext>();
