import { join } from 'node:path';
import type { Settings } from '../chat/subjects/subject.ts';
import { startServing } from '../support/serving-child.ts';
import type { SubjectName } from './subject-names.ts';
import { ejabberdPrograms, startEjabberd } from './subjects/ejabberd.ts';
import type { StoringServer } from './subjects/installed-server.ts';
import { prosodyProgram, startProsody } from './subjects/prosody.ts';

/** Whether this subject can be measured here. */
export function isInstalled(name: SubjectName): boolean {
  if (name === 'ejabberd') return ejabberdPrograms() !== undefined;
  return name !== 'prosody' || prosodyProgram() !== undefined;
}

/** Starts the server of a subject, whose files go into `folder`. */
export function startServer(
  name: SubjectName,
  settings: Settings,
  folder: string,
): Promise<StoringServer> {
  const { databaseUrl } = settings;
  if (name === 'ejabberd') {
    return startEjabberd(installed(ejabberdPrograms(), name), databaseUrl, folder);
  }
  if (name === 'prosody') {
    return startProsody(installed(prosodyProgram(), name), databaseUrl, folder);
  }
  const file = join(import.meta.dirname, 'subject-process.ts');
  return startServing({ file, values: [name, JSON.stringify(settings)] });
}

function installed(program: string | undefined, name: SubjectName): string {
  if (program === undefined) throw new Error(`${name} is not installed`);
  return program;
}
