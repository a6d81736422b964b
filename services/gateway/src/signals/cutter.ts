import { createHash } from 'node:crypto';
import {
  LABEL_NAME_MAX_LENGTH,
  LABEL_VALUE_MAX_LENGTH,
  LABELS_MAX,
  storageFault,
} from '@secureconnect/contracts';
import { cutLevels } from './cut-levels.ts';

/** What a text ends with of which the rest was cut. */
const cutMark = '… [cut]';

/** Of what decides, in characters: PostgreSQL indexes no more than 2,700 bytes. */
const maxNameLength = 512;
/** Of the JSON that arrived; a body has less, unless it writes numbers that are longer in full. */
const maxPayloadLength = 128 * 1024;
const maxPayloadLevels = 64;
/** Fields that are named; of more, only what they are a part of. */
const maxFields = 100;

/** Makes what a sender says fit to be stored, whatever it is, and notes what of it was cut. */
export class Cutter {
  readonly #fields = new Set<string>();

  /** Of which something was cut: `signalAnnotations.description`. */
  get fields(): readonly string[] {
    return [...this.#fields];
  }

  /** A text that only informs. */
  text(field: string, given: string, maxLength = LABEL_VALUE_MAX_LENGTH): string {
    // Neither text nor jsonb of PostgreSQL can hold these.
    const storable = given.replaceAll('\0', '\ufffd').toWellFormed();
    const kept = storable.length > maxLength ? shortened(storable, maxLength, cutMark) : storable;
    if (kept !== given) this.#note(field);
    return kept;
  }

  /** The same of a field that may hold anything; undefined where it holds no text. */
  optionalText(field: string, given: unknown, maxLength?: number): string | undefined {
    if (typeof given === 'string') return this.text(field, given, maxLength);
    if (given !== undefined && given !== null) this.#note(field);
    return undefined;
  }

  /** Texts by name, of which some come first where there is no room for all. */
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
   * A name that decides. One that does not fit keeps apart from all others, by its digest.
   * @param field none where the whole name stands elsewhere
   */
  name(given: string, field?: string): string {
    if (given.length <= maxNameLength && storageFault(given) === undefined) return given;
    if (field !== undefined) this.#note(field);
    const digest = createHash('sha256').update(JSON.stringify(given)).digest('hex');
    const storable = given.replaceAll('\0', '\ufffd').toWellFormed();
    return shortened(storable, maxNameLength, `… [cut, SHA-256 ${digest}]`);
  }

  /** The JSON that arrived. @param given changed where it is too deep */
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
  // Not between the halves of a surrogate pair.
  return `${head.isWellFormed() ? head : head.slice(0, -1)}${mark}`;
}
