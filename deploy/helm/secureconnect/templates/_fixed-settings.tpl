{{- /* Written by `npm run generate` from deploy/kubernetes/base/settings.env. */ -}}
{{- define "secureconnect.fixedSettings" -}}
AUTH_PORT: "8081"
AUTH_URL: http://auth-service:8081
CHAT_PORT: "8082"
CHAT_URL: http://chat-service:8082
FLEET: http://api-gateway-metrics:8080
GATEWAY_PORT: "8080"
METRICS_PORT: "9464"
NODE_ENV: production
STORAGE_PORT: "8084"
STORAGE_URL: http://storage-service:8084
VIDEO_PORT: "8083"
VIDEO_URL: http://video-service:8083
{{- end }}
