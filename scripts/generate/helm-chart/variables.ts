import { type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import type { Template } from './template.ts';

/** Variables that a pod has only if the values name the store or server that they are for. */
const conditions: Readonly<Record<string, string>> = {
  CASSANDRA_USERNAME: 'and .Values.cassandra.contactPoints .Values.cassandra.authentication',
  CASSANDRA_PASSWORD: 'and .Values.cassandra.contactPoints .Values.cassandra.authentication',
  REDIS_PASSWORD: '.Values.redis.existingSecret.name',
  TURN_SECRET: '.Values.calls.turnUrls',
};

/**
 * The variables of a container as they are in a template: their Secrets are those of the values, and
 * some depend on a condition.
 */
export function variables(template: Template, list: Json | undefined): readonly Json[] {
  return listOf(list, 'env').flatMap((entry) => {
    const variable = objectOf(entry, 'a variable');
    const name = textOf(variable['name'], 'the name of a variable');
    if (name === 'DATABASE_URL') return [databaseUrl(template)];
    const { valueFrom } = variable;
    const { secretKeyRef } = objectOf(valueFrom, `valueFrom of ${name}`);
    const reference = objectOf(secretKeyRef, `secretKeyRef of ${name}`);
    const own = {
      ...variable,
      valueFrom: { secretKeyRef: { ...reference, ...secretOf(template, reference) } },
    };
    const condition = conditions[name];
    return condition === undefined ? [own] : template.elementsWhen<JsonObject>(condition, [own]);
  });
}

/** Either a URL of the Secret, or one that is composed of the values and a password. */
function databaseUrl(template: Template): string {
  return template.lines('{{- include "secureconnect.databaseUrl" . | nindent +0 }}');
}

/**
 * The keys that the Secret of the values must have, as lines of a template, each below its condition.
 *
 * @param lists the variables of each container.
 */
export function requiredKeys(lists: readonly Json[]): string {
  const references = lists.flatMap((list) =>
    listOf(list, 'env').map((entry) => {
      const { valueFrom } = objectOf(entry, 'a variable');
      return objectOf(objectOf(valueFrom, 'valueFrom')['secretKeyRef'], 'secretKeyRef');
    }),
  );
  const required = references.filter(
    ({ name, optional }) => name === 'secureconnect' && optional !== true,
  );
  const keys = new Set(required.map(({ key }) => textOf(key, 'a key')));
  return [...keys].sort().map(lineOfKey).join('');
}

function lineOfKey(key: string): string {
  const condition = key === 'DATABASE_URL' ? 'not .Values.postgresql.host' : conditions[key];
  return condition === undefined ? `${key}\n` : `{{- if ${condition} }}\n${key}\n{{- end }}\n`;
}

function secretOf(template: Template, { name, key }: JsonObject): JsonObject {
  switch (name) {
    case 'secureconnect':
      return { name: template.value('.Values.existingSecret'), key: key ?? null };
    case 'redis':
      return {
        name: template.value('.Values.redis.existingSecret.name'),
        key: template.value('.Values.redis.existingSecret.key'),
      };
    default:
      throw new Error(`the chart has no value for the Secret ${name}`);
  }
}
