import { Transform } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';
import { SendWindow, type SmtpLimits } from './send-window.ts';

const connectionTimeoutMs = 5000;

const defaultLimits: SmtpLimits = {
  writeMs: 30_000,
  // RFC 5321, 4.5.3.2.6: a client that gives up sooner causes duplicates.
  replyMs: 600_000,
  graceMs: 4000,
};

/**
 * Sends each mail over its own connection. A pool of nodemailer puts a message back into its queue
 * when the connection closes without an error (`maxRequeues`); when to send again is for the outbox.
 */
export function smtpMailer(
  { url, from }: { readonly url: string; readonly from: string },
  limits: Partial<SmtpLimits>,
): Mailer {
  const allLimits = { ...defaultLimits, ...limits };
  const separator = url.includes('?') ? '&' : '?';
  const timeouts = `connectionTimeout=${connectionTimeoutMs}&socketTimeout=${allLimits.replyMs}`;
  const transport = createTransport(`${url}${separator}${timeouts}`);
  const windows = new Map<unknown, SendWindow>();
  transport.use('stream', (mail, done) => {
    const window = windows.get(mail.data.messageId);
    mail.message.transform(atEnd(() => window?.written()));
    done();
  });
  return {
    async send(mail, signal) {
      const window = new SendWindow(signal, allLimits);
      windows.set(mail.messageId, window);
      try {
        await transport.sendMail({
          from,
          ...mail,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: window.signal,
        });
      } catch (error) {
        throw window.timedOut ?? error;
      } finally {
        window.close();
        windows.delete(mail.messageId);
      }
    },
    close: () => transport.close(),
  };
}

/** Passes everything, and calls back when nothing is left. */
function atEnd(callback: () => void): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush(done) {
      callback();
      done();
    },
  });
}

export type { SmtpLimits } from './send-window.ts';
