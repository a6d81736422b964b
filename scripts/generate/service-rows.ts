import { authRoutes } from '@secureconnect/auth';
import { chatRoutes } from '@secureconnect/chat';
import type { Row } from '@secureconnect/degraded-mode';
import { gatewayRoutes } from '@secureconnect/gateway';
import { storageRoutes } from '@secureconnect/storage';
import { videoRoutes } from '@secureconnect/video';

export interface ServiceRows {
  readonly service: string;
  readonly rows: readonly Row[];
}

const rowsOf = (routes: readonly { readonly row: Row }[]): Row[] => routes.map(({ row }) => row);

/** The rows of every service, read from its route tables without starting anything. */
export const serviceRows: readonly ServiceRows[] = [
  { service: 'gateway', rows: rowsOf(gatewayRoutes) },
  { service: 'auth', rows: rowsOf(authRoutes) },
  { service: 'chat', rows: rowsOf(chatRoutes) },
  { service: 'video', rows: rowsOf(videoRoutes) },
  { service: 'storage', rows: rowsOf(storageRoutes) },
];
