import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, freePort } from '@secureconnect/embedded';
import { xmppHost, xmppRooms } from '../xmpp-protocol.ts';
import { ownDatabase, type StoringServer, startProgram } from './installed-server.ts';

/** Prosody on PATH; undefined if it is not installed. */
export function prosodyProgram(): string | undefined {
  return findProgram('prosody');
}

/** Starts Prosody with the archive of its rooms in PostgreSQL. */
export async function startProsody(
  program: string,
  databaseUrl: string,
  folder: string,
): Promise<StoringServer> {
  const database = await ownDatabase(databaseUrl, 'prosody');
  const port = await freePort();
  const config = join(folder, 'prosody.cfg.lua');
  writeFileSync(config, settings({ port, database, folder }));
  return startProgram([program, '--config', config, '-F'], { port, folder });
}

interface Scene {
  readonly port: number;
  readonly database: URL;
  readonly folder: string;
}

function settings({ port, database, folder }: Scene): string {
  const sql = {
    driver: 'PostgreSQL',
    database: database.pathname.slice(1),
    host: database.hostname,
    port: Number(database.port),
    username: decodeURIComponent(database.username),
    password: decodeURIComponent(database.password),
  };
  const table = Object.entries(sql).map(([key, value]) => `${key} = ${JSON.stringify(value)};`);
  return `
    run_as_root = true
    data_path = ${JSON.stringify(folder)}
    pidfile = ${JSON.stringify(join(folder, 'prosody.pid'))}
    log = { warn = "*console" }
    modules_enabled = { "saslauth"; "websocket"; }
    modules_disabled = { "s2s"; "offline" }
    c2s_ports = { }
    http_ports = { ${port} }
    http_interfaces = { "127.0.0.1" }
    https_ports = { }
    http_paths = { websocket = "/ws" }
    consider_websocket_secure = true
    storage = { muc_log = "sql" }
    sql = { ${table.join(' ')} }
    VirtualHost ${JSON.stringify(xmppHost)}
      authentication = "anonymous"
    Component ${JSON.stringify(xmppRooms)} "muc"
      modules_enabled = { "muc_mam" }
      muc_log_by_default = true
      muc_room_locking = false
      muc_room_default_persistent = true
      muc_room_default_history_length = 0
  `;
}
