import { stringify } from 'yaml';
import type { Json, JsonObject } from './json.ts';
import { type Entries, isGroup } from './setting.ts';

const width = 100;

/** The text of values.yaml: every value with its default, below its description. */
export function valuesFile(entries: Entries): string {
  return `${lines(entries, '').join('\n')}\n`;
}

function lines(entries: Entries, indent: string): readonly string[] {
  return Object.entries(entries).flatMap(([name, entry], index) => {
    const gap = indent === '' && index > 0 ? [''] : [];
    const comment = wrapped(entry.description, `${indent}# `);
    if (isGroup(entry)) {
      return [...gap, ...comment, `${indent}${name}:`, ...lines(entry.entries, `${indent}  `)];
    }
    return [...gap, ...comment, ...indented(assignment(name, entry.default), indent)];
  });
}

function assignment(name: string, value: Json): string {
  return stringify({ [name]: value }, { lineWidth: 0, singleQuote: false }).trimEnd();
}

function indented(text: string, indent: string): readonly string[] {
  return text.split('\n').map((line) => `${indent}${line}`);
}

function wrapped(text: string, prefix: string): readonly string[] {
  const found: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (prefix.length + longer.length > width && line !== '') {
      found.push(prefix + line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...found, prefix + line];
}

/** The text of values.schema.json, which knows every name of values.yaml and no other. */
export function schemaFile(entries: Entries): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Values of the Helm chart of SecureConnect',
    ...schemaOf(entries, { global: { type: 'object', description: 'Helm adds it.' } }),
    $defs: {
      variable: {
        type: ['string', 'integer', 'boolean'],
        description: 'README.md, Configuration.',
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function schemaOf(entries: Entries, more: JsonObject = {}): JsonObject {
  const properties = Object.entries(entries).map(([name, entry]) => {
    const { description } = entry;
    if (isGroup(entry)) return [name, { description, ...schemaOf(entry.entries) }] as const;
    return [name, { description, ...entry.schema, default: entry.default }] as const;
  });
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), ...more },
    additionalProperties: false,
  };
}
