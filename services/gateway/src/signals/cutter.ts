import { createHash } from 'node:crypto';
import {
  LABEL_NAME_MAX_LENGTH,
  LABEL_VALUE_MAX_LENGTH,
  LABELS_MAX,
  storageFault,
} from '@secureconnect/contracts';
import { cutLevels } from './cut-levels.ts';

/** The end of a truncated text. */
const cutMark = '… [cut]';

/** The maximum length of indexed names, in characters: PostgreSQL indexes at most 2,700 bytes. */
const maxNameLength = 512;
/**
 * The maximum length of the JSON that arrived; longer than a body, unless long-form numbers expand
 * it.
 */
const maxPayloadLength = 128 * 1024;
const maxPayloadLevels = 64;
/** The maximum of fields named individually; further ones only by their parent. */
const maxFields = 100;

/** Makes any data from a sender storable, and notes the fields that it truncated. */
export class Cutter {
  readonly #fields = new Set<string>();

  /** The truncated fields, such as `signalAnnotations.description`. */
  get fields(): readonly string[] {
    return [...this.#fields];
  }

  /** An informational text. */
  text(field: string, given: string, maxLength = LABEL_VALUE_MAX_LENGTH): string {
    // PostgreSQL's text and jsonb cannot store these characters.
    const storable = given.replaceAll('\0', '\ufffd').toWellFormed();
    const kept = storable.length > maxLength ? shortened(storable, maxLength, cutMark) : storable;
    if (kept !== given) this.#note(field);
    return kept;
  }

  /** The same for a field of any type; undefined if it is no text. */
  optionalText(field: string, given: unknown, maxLength?: number): string | undefined {
    if (typeof given === 'string') return this.text(field, given, maxLength);
    if (given !== undefined && given !== null) this.#note(field);
    return undefined;
  }

  /** Texts by name; if there are too many, `firstNames` are kept first. */
  texts(field: string, given: unknown, firstNames: readonly string[] = []): Record<string, string> {
    if (given === undefined || given === null) return {};
    if (typeof given !== 'object' || Array.isArray(given)) {
      this.#note(field);
      return {};
    }
    const first = new Set(firstNames);
    const entries = Object.entries(given).filter(([name]) => this.#isName(field, name));
    const ordered = [
      ...entries.filter(([name]) => first.has(name)),
      ...entries.filter(([name]) => !first.has(name)),
    ];
    const texts = ordered.flatMap(([name, value]) => {
      const text = this.optionalText(`${field}.${name}`, value);
      return text === undefined ? [] : [[name, text] as const];
    });
    if (texts.length > LABELS_MAX) this.#note(field);
    return Object.fromEntries(texts.slice(0, LABELS_MAX));
  }

  /**
   * An identifying name. A digest keeps a truncated name distinct from all others.
   * @param field absent if the whole name is stored elsewhere
   */
  name(given: string, field?: string): string {
    if (given.length <= maxNameLength && storageFault(given) === undefined) return given;
    if (field !== undefined) this.#note(field);
    const digest = createHash('sha256').update(JSON.stringify(given)).digest('hex');
    const storable = given.replaceAll('\0', '\ufffd').toWellFormed();
    return shortened(storable, maxNameLength, `… [cut, SHA-256 ${digest}]`);
  }

  /** The JSON that arrived. @param given is changed if it is too deep */
  payload(given: unknown): string {
    if (cutLevels(given, maxPayloadLevels, cutMark)) this.#note('originalPayload');
    return this.text('originalPayload', JSON.stringify(given), maxPayloadLength);
  }

  #isName(field: string, name: string): boolean {
    const isName =
      name !== '' &&
      name !== '__proto__' &&
      name.length <= LABEL_NAME_MAX_LENGTH &&
      storageFault(name) === undefined;
    if (!isName) this.#note(field);
    return isName;
  }

  #note(field: string): void {
    const isNamed = this.#fields.size < maxFields;
    this.#fields.add(isNamed ? field : (field.split('.', 1)[0] ?? field));
  }
}

function shortened(text: string, maxLength: number, mark: string): string {
  const head = text.slice(0, maxLength - mark.length);
  // Never between the halves of a surrogate pair.
  return `${head.isWellFormed() ? head : head.slice(0, -1)}${mark}`;
}
