{{- /* Ends the rendering with every value that is missing or contradicts another one. */ -}}
{{- define "secureconnect.checks" -}}
{{- $found := list -}}
{{- with .Values.redis -}}
{{- $ways := len (compact (list .url (join "," .sentinels) (join "," .cluster))) -}}
{{- if eq $ways 0 }}{{ $found = append $found "redis: none of url, sentinels and cluster is set; set one of them." }}{{ end -}}
{{- if gt $ways 1 }}{{ $found = append $found "redis: more than one of url, sentinels and cluster is set; set exactly one of them." }}{{ end -}}
{{- end -}}
{{- if and .Values.postgresql.host (not .Values.postgresql.existingSecret.name) -}}
{{- $found = append $found "postgresql.existingSecret.name is not set; expected the Secret with the password, as postgresql.host is set." -}}
{{- end -}}
{{- range list "endpoint" "publicEndpoint" "region" "bucket" -}}
{{- if not (index $.Values.s3 .) }}{{ $found = append $found (printf "s3.%s is not set; services keep files in an S3 here." .) }}{{ end -}}
{{- end -}}
{{- if not .Values.mail.from }}{{ $found = append $found "mail.from is not set; expected the sender of mails to users." }}{{ end -}}
{{- with .Values.ingress -}}
{{- if and .enabled (not .host) }}{{ $found = append $found "ingress.host is not set; expected the name by which clients reach the gateway." }}{{ end -}}
{{- if and .enabled .tls.enabled (not .tls.secretName) }}{{ $found = append $found "ingress.tls.secretName is not set; expected the Secret of the certificate, or ingress.tls.enabled=false." }}{{ end -}}
{{- end -}}
{{- $found = concat $found (include "secureconnect.secretChecks" . | fromYamlArray) -}}
{{- if $found }}{{ fail (printf "\n\nValues of the chart:\n- %s\n" (join "\n- " $found)) }}{{ end -}}
{{- end }}

{{- /* In a cluster: the Secrets that are missing, or lack keys. Every namespace of a running cluster has
the ConfigMap; without a cluster, as in "helm template", lookup finds nothing. */ -}}
{{- define "secureconnect.secretChecks" -}}
{{- $found := list -}}
{{- if lookup "v1" "ConfigMap" .Release.Namespace "kube-root-ca.crt" -}}
{{- $needed := dict .Values.existingSecret (include "secureconnect.requiredKeys" . | trim | splitList "\n" | compact) -}}
{{- with .Values.redis.existingSecret -}}
{{- if .name }}{{ $_ := set $needed .name (append (get $needed .name | default list) .key) }}{{ end -}}
{{- end -}}
{{- with .Values.postgresql -}}
{{- if .host }}{{ $_ := set $needed .existingSecret.name (append (get $needed .existingSecret.name | default list) .existingSecret.key) }}{{ end -}}
{{- end -}}
{{- range $name, $keys := $needed -}}
{{- $data := dig "data" dict (lookup "v1" "Secret" $.Release.Namespace $name) -}}
{{- $missing := list -}}
{{- range $keys }}{{ if not (hasKey $data .) }}{{ $missing = append $missing . }}{{ end }}{{ end -}}
{{- if $missing -}}
{{- $found = append $found (printf "The Secret %s in the namespace %s is missing, or lacks keys: %s. README.md, Secrets, says what they are." $name $.Release.Namespace (join ", " $missing)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $found -}}
{{- end }}
