import type { Row } from '../../packages/degraded-mode/src/index.ts';
import { authRoutes } from '../../services/auth/src/index.ts';
import { chatRoutes } from '../../services/chat/src/index.ts';
import { gatewayRoutes } from '../../services/gateway/src/index.ts';
import { storageRoutes } from '../../services/storage/src/index.ts';
import { videoRoutes } from '../../services/video/src/index.ts';

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
