import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { conversationHelp, conversationIdOf } from '../chat/conversation.ts';
import type { AddCommand, CommandContext, GlobalOptions } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { connectSignedIn, naming } from '../session/connect.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { safeLine } from '../terminal/safe-text.ts';

interface UploadOptions extends GlobalOptions {
  readonly conversation?: string;
  readonly name?: string;
  readonly type?: string;
}

/** `upload`: a file, whose parts that were sent are not sent again. */
export const addUpload: AddCommand = (program, context) => {
  program
    .command('upload')
    .summary('send a file; one that was interrupted goes on where it was')
    .description(
      'Send a file. Files of more than 16 MiB are sent in parts: run the same command again after an interruption, and it sends the parts that are missing.',
    )
    .argument('<file>', 'the path of the file')
    .option('--conversation <conversation>', `who may read it: ${conversationHelp}`)
    .option('--name <name>', 'the name of the file on the server (default: as here)')
    .option('--type <type>', 'its media type (default: application/octet-stream)')
    .action(async (file: string, _options, command) => {
      await upload(file, context, command.optsWithGlobals());
    });
};

async function upload(
  path: string,
  context: CommandContext,
  options: UploadOptions,
): Promise<void> {
  const { signal, terminal } = context;
  const { content, modifiedMs } = await contentOf(path);
  const { client, request } = await connectSignedIn(context, options);
  const { conversation, type } = options;
  const conversationId = conversation && (await conversationIdOf(conversation, request, signal));
  const fileName = options.name ?? basename(path);
  const progress = progressLine(terminal, basename(path));
  const sending = client.files.upload(content, {
    fileName,
    // An upload that goes on keeps what the server was told when it began.
    resumeKey: [resolve(path), content.size, modifiedMs, conversationId, type, fileName].join(' '),
    onProgress: progress.show,
    signal,
    ...(type === undefined ? {} : { contentType: type }),
    ...(conversationId === undefined ? {} : { conversationId }),
  });
  try {
    const file = await naming('POST /v1/storage/upload-complete', sending);
    progress.clear();
    if (options.json) return terminal.writeJson(file);
    terminal.writeLine(`${file.file_id}  ${safeLine(file.file_name)}  ${file.file_size} bytes`);
  } catch (error) {
    progress.clear();
    if (!signal.aborted) throw error;
    const line = 'Interrupted; run the same command again to go on.';
    throw new CommandError(exitCodes.interrupted, line);
  }
}

/** @throws UsageError where the path leads to no file that can be read */
async function contentOf(path: string): Promise<{ content: Blob; modifiedMs: number }> {
  try {
    const { mtimeMs: modifiedMs } = await stat(path);
    return { content: await openAsBlob(path), modifiedMs };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`Cannot read "${path}" (${reason}); expected the path of a file.`);
  }
}
