import type { Message, NewMessage, StoredFile } from '@secureconnect/client';

/** A file that a message tells of. */
export interface SharedFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
}

/** The message that tells a conversation of a file. */
export function messageOfFile(
  file: StoredFile,
): Pick<NewMessage, 'content' | 'message_type' | 'metadata'> {
  const { content_type, file_id, file_name, file_size } = file;
  return {
    content: file_name,
    message_type: content_type.startsWith('image/') ? 'image' : 'file',
    metadata: { file_id, file_name, file_size, content_type },
  };
}

/** The file that a message tells of, undefined where there is none that can be read. */
export function fileOf({ content, metadata }: Message): SharedFile | undefined {
  const { file_id: id, file_name: name, file_size: size, content_type: type } = metadata;
  if (typeof id !== 'string') return undefined;
  return {
    fileId: id,
    fileName: typeof name === 'string' ? name : content,
    sizeBytes: typeof size === 'number' ? size : 0,
    contentType: typeof type === 'string' ? type : 'application/octet-stream',
  };
}
