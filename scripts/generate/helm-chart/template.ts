import { stringify } from 'yaml';
import type { JsonObject } from './json.ts';

/**
 * Objects that become templates of Helm. A mark stands in the object for a piece of template text,
 * and `text` puts the pieces in once the object is YAML.
 */
export class Template {
  readonly #pieces: string[] = [];

  /** A mark in place of a value: `name: {{ .Values.existingSecret }}`. */
  value(expression: string): string {
    return this.#mark(`{{ ${expression} }}`);
  }

  /**
   * A mark in place of whole lines: a key of an object (its value is null), or an element of a list.
   * Lines are indented as the mark is; `nindent +2` means two columns further in than the mark.
   */
  lines(...lines: readonly string[]): string {
    return this.#mark(lines.join('\n'));
  }

  /** Entries of an object between a condition and its end. */
  when(condition: string, entries: JsonObject): JsonObject {
    return { [this.lines(`{{- if ${condition} }}`)]: null, ...entries, ...this.end() };
  }

  /** Elements of a list between a condition and its end. */
  elementsWhen<Element>(condition: string, elements: readonly Element[]): (Element | string)[] {
    return [this.lines(`{{- if ${condition} }}`), ...elements, this.lines('{{- end }}')];
  }

  /** An entry of an object that ends a block. */
  end(): JsonObject {
    return { [this.lines('{{- end }}')]: null };
  }

  /** The YAML of an object, with the pieces in place of their marks. */
  text(object: JsonObject): string {
    const yaml = stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 });
    return yaml
      .split('\n')
      .map((line) => this.#filled(line))
      .join('\n');
  }

  #mark(piece: string): string {
    this.#pieces.push(piece);
    return `‹${this.#pieces.length - 1}›`;
  }

  #filled(line: string): string {
    const whole = /^( *)(?:- )?‹(\d+)›(?:: null)?$/.exec(line);
    if (whole !== null) {
      const [, indent = '', index] = whole;
      return this.#piece(index)
        .split('\n')
        .map((each) => `${indent}${each}`)
        .join('\n')
        .replace(/nindent \+(\d+)/g, (_, further) => `nindent ${indent.length + Number(further)}`);
    }
    return line.replace(/‹(\d+)›/g, (_, index) => this.#piece(index));
  }

  #piece(index: string | undefined): string {
    const piece = this.#pieces[Number(index)];
    if (piece === undefined) throw new Error(`there is no piece ${index}`);
    return piece;
  }
}
