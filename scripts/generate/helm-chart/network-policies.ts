import { type Json, type JsonObject, listOf, objectOf } from './json.ts';
import type { Template } from './template.ts';

/** The policies of the overlay for production: each has one rule, whose ports are in the values. */
export const storePolicies: Readonly<Record<string, { value: string; condition?: string }>> = {
  database: { value: 'database' },
  cassandra: { value: 'cassandra', condition: '.Values.cassandra.contactPoints' },
  mail: { value: 'mail' },
  web: { value: 'web' },
  files: { value: 'files' },
  'kubernetes-api': { value: 'kubernetesApi', condition: 'eq .Values.alerts.sink "kubernetes"' },
};

/** The condition under which the policy to a store is there: no ports, no policy. */
export function storeCondition(name: string): string {
  const { value, condition } = storePolicies[name] ?? {};
  if (value === undefined) throw new Error(`the chart has no values for the policy ${name}`);
  const parts = ['.Values.networkPolicies.enabled', portsOf(value)];
  return `and ${parts.join(' ')}${condition === undefined ? '' : ` (${condition})`}`;
}

/** A rule to a store: its ports, and addresses if the values have some. */
export function storeRule(template: Template, value: string): string {
  return template.lines(`{{- include "secureconnect.egress" ${rule(value)} | nindent +0 }}`);
}

/** The same where it is one rule of several: without ports it is not there. */
function optionalStoreRule(template: Template, value: string): string {
  return template.lines(
    `{{- if ${portsOf(value)} }}`,
    `{{- include "secureconnect.egress" ${rule(value)} | nindent +0 }}`,
    '{{- end }}',
  );
}

/** A policy of the base with what the values add. */
export function basePolicy(template: Template, name: string, spec: JsonObject): JsonObject {
  switch (name) {
    case 'api-gateway':
      return { ...spec, ingress: listOf(spec['ingress'], 'ingress').map(fromValues(template)) };
    case 'redis-clients':
      return {
        ...spec,
        egress: [...listOf(spec['egress'], 'egress'), optionalStoreRule(template, 'redis')],
      };
    default:
      return spec;
  }
}

function fromValues(template: Template): (rule: Json) => JsonObject {
  return (rule) => ({
    ...objectOf(rule, 'a rule'),
    [template.lines(
      '{{- with .Values.networkPolicies.gatewayFrom }}',
      'from:',
      '  {{- toYaml . | nindent +2 }}',
      '{{- end }}',
    )]: null,
  });
}

function rule(value: string): string {
  return `.Values.networkPolicies.egress.${value}`;
}

function portsOf(value: string): string {
  return `${rule(value)}.ports`;
}
