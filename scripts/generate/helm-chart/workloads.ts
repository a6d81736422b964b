import { type JsonObject, listOf, objectOf } from './json.ts';
import type { Template } from './template.ts';
import { variables } from './variables.ts';

/**
 * The Deployment of a service.
 *
 * @param service the name of its values, such as `gateway`.
 */
export function deployment(template: Template, service: string, spec: JsonObject): JsonObject {
  const { template: pod, ...rest } = spec;
  const { metadata, spec: podSpec } = objectOf(pod, 'the template');
  return {
    ...template.when(`not .Values.${service}.autoscaling.enabled`, {
      replicas: template.value(`.Values.${service}.replicas`),
    }),
    ...rest,
    template: {
      metadata: {
        annotations: {
          // The name of the ConfigMap stays, so that a pod of the former revision still finds it.
          'secureconnect.io/settings': template.value(
            'include "secureconnect.settings" . | sha256sum',
          ),
          ...optional(template, `.Values.${service}.podAnnotations`),
        },
        ...objectOf(metadata, 'metadata'),
      },
      spec: podOf(template, service, objectOf(podSpec, 'the pod')),
    },
  };
}

/** The Job that migrates, as a hook; its settings and connections are hooks before it. */
export function migrationsJob(template: Template, spec: JsonObject): JsonObject {
  const { template: pod, ...rest } = spec;
  const { spec: podSpec, ...others } = objectOf(pod, 'the template');
  const own = podOf(template, 'migrations', objectOf(podSpec, 'the pod'));
  return { ...rest, template: { ...others, spec: own } };
}

function podOf(template: Template, values: string, pod: JsonObject): JsonObject {
  const [only, ...others] = listOf(pod['containers'], 'containers');
  if (others.length > 0) throw new Error('the chart expects one container in a pod');
  const { affinity, automountServiceAccountToken, ...rest } = pod;
  return {
    ...optional(template, '.Values.image.pullSecrets', 'imagePullSecrets'),
    ...rest,
    automountServiceAccountToken:
      values === 'gateway'
        ? template.value('eq .Values.alerts.sink "kubernetes"')
        : (automountServiceAccountToken ?? false),
    containers: [containerOf(template, values, objectOf(only, 'a container'))],
    ...volumesOf(template, pod),
    ...optional(template, `.Values.${values}.nodeSelector`, 'nodeSelector'),
    ...optional(template, `.Values.${values}.tolerations`, 'tolerations'),
    ...affinityOf(template, values, affinity === undefined ? {} : { affinity }),
  };
}

function affinityOf(template: Template, values: string, own: JsonObject): JsonObject {
  const otherwise = Object.keys(own).length === 0 ? {} : { [template.lines('{{- else }}')]: null };
  return {
    [template.lines(
      `{{- with .Values.${values}.affinity }}`,
      'affinity:',
      '  {{- toYaml . | nindent +2 }}',
    )]: null,
    ...otherwise,
    ...own,
    ...template.end(),
  };
}

function containerOf(template: Template, values: string, container: JsonObject): JsonObject {
  const { name, env, ...rest } = container;
  return {
    ...(name === undefined ? {} : { name }),
    ...rest,
    image: template.value(`include "secureconnect.image" (list $ .Values.${values}.image)`),
    imagePullPolicy: template.value('.Values.image.pullPolicy'),
    env: [
      ...variables(template, env),
      template.lines(
        `{{- with include "secureconnect.ownVariables" .Values.${values} | trim }}`,
        '{{- . | nindent +0 }}',
        '{{- end }}',
      ),
    ],
    resources: {
      [template.lines(`{{- toYaml .Values.${values}.resources | nindent +0 }}`)]: null,
    },
  };
}

/** The Secret of the push keys has the name that the values say. */
function volumesOf(template: Template, { volumes }: JsonObject): JsonObject {
  if (volumes === undefined) return {};
  const own = listOf(volumes, 'volumes').map((each) => {
    const volume = objectOf(each, 'a volume');
    if (volume['name'] !== 'push-keys') return volume;
    const secretName = template.value('.Values.push.existingSecret');
    return { ...volume, secret: { ...objectOf(volume['secret'], 'secret'), secretName } };
  });
  return { volumes: own };
}

/** A value as the entry `name`, or as further entries, where it is not empty. */
function optional(template: Template, value: string, name?: string): JsonObject {
  const lines =
    name === undefined
      ? ['{{- toYaml . | nindent +0 }}']
      : [`${name}:`, '  {{- toYaml . | nindent +2 }}'];
  return { [template.lines(`{{- with ${value} }}`, ...lines, '{{- end }}')]: null };
}
