import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailConfig } from '../config.ts';
import type { Mailer } from './mailer.ts';
import { type SmtpLimits, smtpMailer } from './smtp-mailer.ts';

/** Creates the configured mailer: by SMTP, or into a directory of `.eml` files. */
export function createMailer(config: MailConfig, limits: Partial<SmtpLimits> = {}): Mailer {
  return config.kind === 'smtp' ? smtpMailer(config, limits) : directoryMailer(config);
}

function directoryMailer({ path, from }: { path: string; from: string }): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    async send(mail, signal) {
      const { message } = await transport.sendMail({ from, ...mail, signal });
      await mkdir(path, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID()}.eml`;
      // Readers of this file can set the password.
      await writeFile(join(path, name), message, { mode: 0o600 });
    },
    close: () => transport.close(),
  };
}
