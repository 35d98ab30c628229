{{- define "ocrdesk.name" -}}
{{- if contains "ocrdesk" .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{- else -}}{{ printf "%s-ocrdesk" .Release.Name | trunc 50 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "ocrdesk.secret" -}}
{{ .Values.secret | default (include "ocrdesk.name" .) }}
{{- end -}}

{{- /* Labels that select all pods of the release. */ -}}
{{- define "ocrdesk.selector" -}}
app.kubernetes.io/name: ocrdesk
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ocrdesk.labels" -}}
{{ include "ocrdesk.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "ocrdesk.image" -}}
{{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end -}}

{{- /* What a pod may do, and where it runs. Arguments: root, component. */ -}}
{{- define "ocrdesk.pod" -}}
{{- $values := index .root.Values .component -}}
serviceAccountName: {{ include "ocrdesk.name" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "ocrdesk.selector" $.root | nindent 8 }}
        app.kubernetes.io/component: {{ $.component }}
  {{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "ocrdesk.container" -}}
image: {{ include "ocrdesk.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - configMapRef: {name: {{ include "ocrdesk.name" . }}-settings}
  {{- with .Values.storage.secret }}
  - secretRef: {name: {{ . }}}
  {{- end }}
{{- end -}}

{{- define "ocrdesk.mounts" -}}
- {name: secrets, mountPath: /run/secrets/ocrdesk, readOnly: true}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- if .Values.redis.certificates }}
- {name: redis-tls, mountPath: /run/secrets/redis-tls, readOnly: true}
{{- end }}
{{- if .Values.storage.claim }}
- {name: files, mountPath: /files}
{{- end }}
{{- end -}}

{{- /* Arguments: root, component, keys (of the Secret). */ -}}
{{- define "ocrdesk.volumes" -}}
- name: secrets
  secret:
    secretName: {{ include "ocrdesk.secret" .root }}
    defaultMode: 0440
    items:
      {{- range .keys }}
      - {key: {{ . }}, path: {{ . }}}
      {{- end }}
- name: data
  emptyDir: {sizeLimit: 1Gi}
- name: tmp
  emptyDir: {sizeLimit: {{ (index .root.Values .component).tmpSize }}}
{{- with .root.Values.redis.certificates }}
- name: redis-tls
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with .root.Values.storage.claim }}
- name: files
  persistentVolumeClaim: {claimName: {{ . }}}
{{- end }}
{{- end -}}

{{- /* Variables of one component's settings. */ -}}
{{- define "ocrdesk.settings" -}}
{{- range $name, $value := . }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end -}}

{{- /* Seconds from SIGTERM to SIGKILL. */ -}}
{{- define "ocrdesk.workerStop" -}}
{{ add (ceil .Values.worker.graceSeconds) 15 }}
{{- end -}}
