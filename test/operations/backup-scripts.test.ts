import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = join(import.meta.dirname, '../../deploy/backup');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-scripts-'));
  mkdirSync(join(folder, 'programs'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program before the one of the system. */
function program(name: string, text: string): void {
  const path = join(folder, 'programs', name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function run(script: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const PATH = `${join(folder, 'programs')}:${process.env['PATH']}`;
  const env = { ...process.env, PATH, ...environment };
  return spawnSync(join(scripts, script), words, { cwd: folder, env, encoding: 'utf8' });
}

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

describe('files-backup.sh', () => {
  it('copies what is whole, and nothing that an upload or an earlier copy has left', () => {
    write('from/aa/one', 'whole');
    write('from/bb/two.part', 'under way');
    write('from/bb/three.new', 'left');
    expect(run('files-backup.sh', ['from', 'to'])).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'to/aa/one'), 'utf8')).toBe('whole');
    expect(existsSync(join(folder, 'to/bb'))).toBe(false);
  });

  it('fails if a folder cannot be read, and copies the others', () => {
    write('from/aa/one', 'whole');
    // An unreadable folder is none for root, who runs tests in containers.
    const { stdout: find } = spawnSync('sh', ['-c', 'command -v find'], { encoding: 'utf8' });
    program('find', `${find.trim()} "$@"; echo 'bb: Input/output error' >&2; exit 1`);
    expect(run('files-backup.sh', ['from', 'to']).status).toBe(1);
    expect(existsSync(join(folder, 'to/aa/one'))).toBe(true);
  });

  it('fails if a file cannot be copied', () => {
    write('from/aa/one', 'whole');
    program('cp', 'exit 1');
    expect(run('files-backup.sh', ['from', 'to']).status).not.toBe(0);
  });

  it('refuses a copy within what is copied', () => {
    write('from/aa/one', 'whole');
    expect(run('files-backup.sh', ['from', 'from/copy'])).toMatchObject({
      status: 1,
      stderr: 'from/copy is in from; expected a folder elsewhere\n',
    });
  });
});

describe('cassandra-backup.sh', () => {
  const environment = () => ({ CASSANDRA_DATA: join(folder, 'data') });
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8');
  /** A snapshot, as `nodetool snapshot -t NAME KEYSPACE` makes it. */
  const nodetool = (then = '') =>
    program(
      'nodetool',
      `echo "$1" >>${folder}/calls
[ "$1" = snapshot ] || exit 0
mkdir -p ${folder}/data/chat/messages-1/snapshots/$3
echo rows >${folder}/data/chat/messages-1/snapshots/$3/nb-1-big-Data.db
${then}`,
    );

  it('writes the snapshot to the file that its caller named, for its owner alone', () => {
    nodetool();
    expect(run('cassandra-backup.sh', ['chat', 'node.tar'], environment()).status).toBe(0);
    const { stdout } = spawnSync('tar', ['--list', '--file', join(folder, 'node.tar')], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/\.\/messages-1\/snapshots\/backup-[^/]+\/nb-1-big-Data\.db\n/);
    expect(statSync(join(folder, 'node.tar')).mode & 0o777).toBe(0o600);
    expect(calls()).toBe('snapshot\nclearsnapshot\n');
  });

  it('fails if the snapshot is not where it looks for it', () => {
    nodetool();
    mkdirSync(join(folder, 'elsewhere/chat'), { recursive: true });
    const elsewhere = { CASSANDRA_DATA: join(folder, 'elsewhere') };
    expect(run('cassandra-backup.sh', ['chat', '-'], elsewhere).status).not.toBe(0);
    expect(calls()).toBe('snapshot\nclearsnapshot\n');
  });

  it.each([
    ['HUP', 129],
    ['INT', 130],
    ['TERM', 143],
  ])('leaves no snapshot behind if it is ended by SIG%s', (signal, status) => {
    nodetool(`kill -${signal} $PPID`);
    expect(run('cassandra-backup.sh', ['chat', '-'], environment()).status).toBe(status);
    expect(calls()).toBe('snapshot\nclearsnapshot\n');
  });
});

describe('postgres-backup.sh and postgres-restore.sh', () => {
  /** Shows what a program was given on its command line, and what in its environment. */
  const shows = 'printf "%s\\n" "$*" "$PGPASSWORD" >>calls';
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').split('\n');

  it.each([
    ['postgresql://ada:p%40%c3%b6%25@db:5432/main?sslmode=require', 'p@ö%', 'ada@db:5432'],
    ['postgres://ada@[::1]:5432/main?sslmode=require', '', 'ada@[::1]:5432'],
    ['postgresql://ada:a:b@db/main?sslmode=require', 'a:b', 'ada@db'],
  ])('show no password in the list of processes: %s', (DATABASE_URL, password, place) => {
    program('pg_dump', `${shows}; touch backup.new`);
    program('pg_restore', shows);
    program('psql', shows);
    const scheme = DATABASE_URL.slice(0, DATABASE_URL.indexOf(':'));
    for (const script of ['postgres-backup.sh', 'postgres-restore.sh']) {
      const environment = { DATABASE_URL, PGPASSWORD: '' };
      expect(run(script, ['backup'], environment)).toMatchObject({ status: 0, stderr: '' });
    }
    const [dump, ofDump, , , restore, ofRestore, analyze, ofAnalyze] = calls();
    for (const line of [dump, restore, analyze]) {
      expect(line).toContain(`${scheme}://${place}/main?sslmode=require`);
    }
    expect([ofDump, ofRestore, ofAnalyze]).toEqual([password, password, password]);
  });
});
