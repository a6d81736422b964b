import type { AddCommand } from './command.ts';
import { addDoctor } from './commands/doctor.ts';
import { addLogin } from './commands/login.ts';
import { addLogout } from './commands/logout.ts';
import { addWhoami } from './commands/whoami.ts';

/** Every command, in the order of the help; each is in a file of its own. */
export const commands: readonly AddCommand[] = [addLogin, addLogout, addWhoami, addDoctor];
