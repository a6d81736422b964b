import { nameOf } from './base-objects.ts';
import { isObject, type JsonObject, objectOf } from './json.ts';
import { basePolicy, storeCondition, storePolicies, storeRule } from './network-policies.ts';
import { Template } from './template.ts';
import { deployment, migrationsJob } from './workloads.ts';

/** What the template of an object is made of. */
interface Change {
  /** Without it the object is always there. */
  readonly condition?: string;
  readonly object: JsonObject;
  /** Further entries of the metadata. */
  readonly metadata?: JsonObject;
}

/** The services, by the folders of the base; values of the chart have the same names. */
const services = ['gateway', 'auth', 'chat', 'video', 'storage'] as const;

/**
 * The template of an object of the base.
 *
 * @param folder where its file is, such as `gateway`.
 * @returns undefined for a namespace, which Helm makes itself.
 */
export function objectTemplate(folder: string, object: JsonObject): string | undefined {
  const template = new Template();
  const change = changed(template, folder, object);
  if (change === undefined) return undefined;
  const { condition, metadata: more = {} } = change;
  const { metadata, ...rest } = change.object;
  const own = objectOf(metadata, 'metadata');
  const text = template.text({
    ...firstOf(rest),
    metadata: { ...own, ...labels(template, own), ...more },
    ...rest,
  });
  return condition === undefined ? text : `{{- if ${condition} }}\n${text}{{- end }}\n`;
}

function firstOf({ apiVersion = null, kind = null }: JsonObject): JsonObject {
  return { apiVersion, kind };
}

function labels(template: Template, metadata: JsonObject): JsonObject {
  const own = isObject(metadata['labels']) ? metadata['labels'] : {};
  const chart = template.lines('{{- include "secureconnect.labels" . | nindent +0 }}');
  return { labels: { ...own, [chart]: null } };
}

function changed(template: Template, folder: string, object: JsonObject): Change | undefined {
  const name = nameOf(object);
  const spec = isObject(object['spec']) ? object['spec'] : {};
  switch (object['kind']) {
    case 'Namespace':
      return undefined;
    case 'CustomResourceDefinition':
      return definition(object);
    case 'Role':
      return { condition: inKubernetes, object };
    case 'RoleBinding':
      return { condition: inKubernetes, object: roleBinding(template, object) };
    case 'Deployment':
      return { object: { ...object, spec: deployment(template, serviceOf(folder), spec) } };
    case 'Job':
      return migrations({ ...object, spec: migrationsJob(template, spec) });
    case 'HorizontalPodAutoscaler':
      return autoscaler(template, serviceOf(folder), { ...object, spec });
    case 'NetworkPolicy':
      return policy(template, name, { ...object, spec });
    case 'Service':
      return name === 'api-gateway' ? frontService(template, { ...object, spec }) : { object };
    case 'ServiceMonitor':
      return {
        condition: '.Values.monitoring.enabled',
        object: withMonitorLabels(template, object),
      };
    default:
      return { object };
  }
}

const inKubernetes = 'eq .Values.alerts.sink "kubernetes"';

function serviceOf(folder: string): string {
  const service = services.find((each) => each === folder);
  if (service === undefined) throw new Error(`${folder} is no folder of a service`);
  return service;
}

/** A definition outlives the chart, because its removal would delete every remediation request. */
function definition(object: JsonObject): Change {
  return {
    condition: `and (${inKubernetes}) .Values.alerts.definitions`,
    object,
    metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
  };
}

function roleBinding(template: Template, object: JsonObject): JsonObject {
  const { subjects } = object;
  if (!Array.isArray(subjects)) throw new Error('a RoleBinding without subjects');
  const namespace = template.value('.Release.Namespace');
  return { ...object, subjects: subjects.map((each) => ({ ...each, namespace })) };
}

/** Before the pods of a new version, and before anything else of the chart but its own settings. */
function migrations(object: JsonObject): Change {
  const { metadata, ...rest } = object;
  return {
    condition: '.Values.migrations.enabled',
    object: { ...rest, metadata: { ...objectOf(metadata, 'metadata'), name: 'migrations' } },
    metadata: {
      annotations: {
        'helm.sh/hook': 'pre-install,pre-upgrade',
        // After its settings and its network policy.
        'helm.sh/hook-weight': '0',
        // The pod and its log stay until the next migration, or until the Job's time is over.
        'helm.sh/hook-delete-policy': 'before-hook-creation',
      },
    },
  };
}

function autoscaler(template: Template, service: string, object: JsonObject): Change {
  const spec = objectOf(object['spec'], 'spec');
  const bounds = {
    minReplicas: template.value(`.Values.${service}.autoscaling.minReplicas`),
    maxReplicas: template.value(`.Values.${service}.autoscaling.maxReplicas`),
  };
  return {
    condition: `.Values.${service}.autoscaling.enabled`,
    object: { ...object, spec: { ...spec, ...bounds } },
  };
}

function policy(template: Template, name: string, object: JsonObject): Change {
  const spec = objectOf(object['spec'], 'spec');
  const store = storePolicies[name];
  if (store !== undefined) {
    const egress = [storeRule(template, store.value)];
    return { condition: storeCondition(name), object: { ...object, spec: { ...spec, egress } } };
  }
  if (name === 'monitoring') return monitoringPolicy(template, object);
  return {
    condition: '.Values.networkPolicies.enabled',
    object: { ...object, spec: basePolicy(template, name, spec) },
  };
}

function monitoringPolicy(template: Template, object: JsonObject): Change {
  const text = JSON.stringify(object);
  const ofBase = '"kubernetes.io/metadata.name":"monitoring"';
  if (!text.includes(ofBase)) throw new Error('the policy of monitoring names no namespace');
  const namespace = template.value('.Values.monitoring.namespace');
  return {
    condition: 'and .Values.networkPolicies.enabled .Values.monitoring.enabled',
    object: JSON.parse(text.replaceAll(ofBase, ofBase.replace('"monitoring"', `"${namespace}"`))),
  };
}

function frontService(template: Template, object: JsonObject): Change {
  const service = '.Values.gateway.service';
  const more = template.lines(
    `type: {{ ${service}.type }}`,
    `{{- if and (ne ${service}.type "ClusterIP") ${service}.externalTrafficPolicy }}`,
    `externalTrafficPolicy: {{ ${service}.externalTrafficPolicy }}`,
    '{{- end }}',
  );
  const annotations = template.lines(
    `{{- with ${service}.annotations }}`,
    'annotations:',
    '  {{- toYaml . | nindent +2 }}',
    '{{- end }}',
  );
  return {
    object: { ...object, spec: { [more]: null, ...objectOf(object['spec'], 'spec') } },
    metadata: { [annotations]: null },
  };
}

/** Labels by which a Prometheus operator chooses what it reads. */
function withMonitorLabels(template: Template, object: JsonObject): JsonObject {
  const metadata = objectOf(object['metadata'], 'metadata');
  const own = template.lines(
    '{{- with .Values.monitoring.labels }}',
    '{{- toYaml . | nindent +0 }}',
    '{{- end }}',
  );
  return { ...object, metadata: { ...metadata, labels: { [own]: null } } };
}
