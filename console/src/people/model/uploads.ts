import { type ReadonlySignal, signal } from '@preact/signals';
import type { Files, StoredFile } from '@secureconnect/client';

/** A file on its way into a conversation. */
export interface Upload {
  readonly id: string;
  readonly conversationId: string;
  readonly fileName: string;
  /** From 0 to 1. */
  readonly progress: number;
  /** Set where it has failed; `retry` sends it again. */
  readonly error?: unknown;
}

export interface UploadsOptions {
  readonly files: Pick<Files, 'upload'>;
  /** Tells the conversation of a file that is stored. */
  readonly announce: (conversationId: string, file: StoredFile) => void;
}

/** The files that this page sends. Those that are sent leave the list. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #list = signal<readonly Upload[]>([]);
  readonly #sources = new Map<string, { readonly file: File; readonly stop: AbortController }>();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  get list(): ReadonlySignal<readonly Upload[]> {
    return this.#list;
  }

  /** Sends a file, and tells the conversation of it; how it goes is in `list`. */
  async send(conversationId: string, file: File): Promise<void> {
    const id = crypto.randomUUID();
    const upload = { id, conversationId, fileName: file.name, progress: 0 };
    this.#sources.set(id, { file, stop: new AbortController() });
    this.#list.value = [...this.#list.value, upload];
    await this.#attempt(upload);
  }

  /** Sends a file that has failed again. */
  async retry(id: string): Promise<void> {
    const upload = this.#list.value.find((each) => each.id === id);
    if (upload === undefined) return;
    const { error: _, ...clean } = upload;
    this.#put(clean);
    await this.#attempt(clean);
  }

  /** Stops a file, and forgets it. */
  cancel(id: string): void {
    this.#sources.get(id)?.stop.abort();
    this.#forget(id);
  }

  async #attempt(upload: Upload): Promise<void> {
    const { id, conversationId, fileName } = upload;
    const source = this.#sources.get(id);
    if (source === undefined) return;
    try {
      const file = await this.#options.files.upload(source.file, {
        fileName,
        conversationId,
        resumeKey: `${conversationId}/${fileName}/${source.file.size}/${source.file.lastModified}`,
        onProgress: (sent, total) =>
          this.#put({ ...upload, progress: total === 0 ? 1 : sent / total }),
        signal: source.stop.signal,
      });
      this.#forget(id);
      this.#options.announce(conversationId, file);
    } catch (error) {
      if (!source.stop.signal.aborted) this.#put({ ...upload, error });
    }
  }

  #put(upload: Upload): void {
    this.#list.value = this.#list.value.map((each) => (each.id === upload.id ? upload : each));
  }

  #forget(id: string): void {
    this.#sources.delete(id);
    this.#list.value = this.#list.value.filter((each) => each.id !== id);
  }
}
