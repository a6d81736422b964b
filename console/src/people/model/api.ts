import type { Client } from '@secureconnect/client';

/** The part of the client that the models ask the server by. */
export type Api = Pick<Client, 'request'>;
