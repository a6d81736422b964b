import type { AddCommand } from './command.ts';
import { addAdmin } from './commands/admin.ts';
import { addCallLog } from './commands/call-log.ts';
import { addConversations } from './commands/conversations.ts';
import { addDegraded } from './commands/degraded.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrill } from './commands/drill.ts';
import { addKeysRotate } from './commands/keys-rotate.ts';
import { addLogin } from './commands/login.ts';
import { addLogout } from './commands/logout.ts';
import { addOutbox } from './commands/outbox.ts';
import { addSend } from './commands/send.ts';
import { addTail } from './commands/tail.ts';
import { addUpload } from './commands/upload.ts';
import { addWhoami } from './commands/whoami.ts';

/** Every command, in the order of the help; each is in a file of its own. */
export const commands: readonly AddCommand[] = [
  addLogin,
  addLogout,
  addWhoami,
  addConversations,
  addSend,
  addOutbox,
  addTail,
  addUpload,
  addCallLog,
  addDegraded,
  addDoctor,
  addDrill,
  addAdmin,
  addKeysRotate,
];
