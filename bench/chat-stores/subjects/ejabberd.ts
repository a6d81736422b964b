import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';
import { xmppHost, xmppRooms } from '../xmpp-protocol.ts';
import { ownDatabase, type StoringServer, startProgram } from './installed-server.ts';

/** Where Debian's package has its programs, and the tables of its archive. */
const libraries = '/usr/lib';
const schemaPath = '/usr/share/ejabberd/sql/pg.sql';

/** Debian's ejabberd; undefined if it is not installed. */
export function ejabberdPrograms(): string | undefined {
  for (const folder of readdirSync(libraries, { withFileTypes: true })) {
    if (!folder.isDirectory() || !folder.name.endsWith('-linux-gnu')) continue;
    const path = join(libraries, folder.name);
    const name = readdirSync(path).find((each) => /^ejabberd-\d/.test(each));
    if (name !== undefined) return join(path, name, 'ebin');
  }
  return undefined;
}

/** Starts ejabberd with the archive of its rooms in PostgreSQL, without limits of messages. */
export async function startEjabberd(
  programs: string,
  databaseUrl: string,
  folder: string,
): Promise<StoringServer> {
  const database = await ownDatabase(databaseUrl, 'ejabberd', readFileSync(schemaPath, 'utf8'));
  const port = await freePort();
  const config = join(folder, 'ejabberd.yml');
  writeFileSync(config, JSON.stringify(settings(port, database)));
  const mnesia = ['-mnesia', 'dir', JSON.stringify(join(folder, 'mnesia'))];
  const environment = {
    EJABBERD_CONFIG_PATH: config,
    EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
    HOME: folder,
  };
  return startProgram(['erl', '-noinput', '-pa', programs, ...mnesia, '-s', 'ejabberd'], {
    ...{ port, folder, environment },
  });
}

/** JSON is YAML. */
function settings(port: number, database: URL): object {
  return {
    hosts: [xmppHost],
    loglevel: 'warning',
    listen: [
      {
        port,
        ip: '127.0.0.1',
        module: 'ejabberd_http',
        request_handlers: { '/ws': 'ejabberd_http_ws' },
      },
    ],
    auth_method: ['anonymous'],
    anonymous_protocol: 'sasl_anon',
    sql_type: 'pgsql',
    sql_server: database.hostname,
    sql_port: Number(database.port),
    sql_database: database.pathname.slice(1),
    sql_username: decodeURIComponent(database.username),
    sql_password: decodeURIComponent(database.password),
    modules: {
      mod_mam: { db_type: 'sql', default: 'never' },
      mod_muc: {
        host: xmppRooms,
        history_size: 0,
        max_users: 1000,
        default_room_options: { mam: true, persistent: true },
      },
    },
  };
}
