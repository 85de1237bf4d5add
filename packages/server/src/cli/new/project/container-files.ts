/** What runs the project elsewhere: an image and a deployment of it. The project's name is one that Docker and Kubernetes take. */
export const containerFiles = (project: string): Record<string, string> => ({
  Dockerfile: dockerfile,
  'kubernetes.yaml': kubernetes(project),
});

const dockerfile = `# docker build -t NAME . && docker run --rm -p 8000:8000 NAME
ARG BASE=node:24-trixie-slim

FROM \${BASE} AS build
WORKDIR /app
# The package contains all that a CPU needs; its install script would download libraries for GPUs.
ENV ONNXRUNTIME_NODE_INSTALL=skip npm_config_audit=false npm_config_fund=false
COPY package.json package-lock.json .npmrc* ./
# For packages of a private registry: docker build --secret id=npmrc,src=$HOME/.npmrc
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc \\
    npm_config_userconfig=/run/secrets/npmrc npm ci
COPY . .
# At the end, what nothing loads: the compiler (a peer that npm keeps), ONNX Runtime for other systems, declarations, source maps.
RUN npm run build && npm prune --omit=dev && rm -rf .npmrc node_modules/typescript node_modules/@typescript \\
    && find node_modules -type d -path '*/onnxruntime-node/bin/napi-v*/*/*' ! -path "*/linux/$(node -p process.arch)" \\
      -prune -exec rm -rf {} + \\
    && find node_modules -type f -regex '.*\\.\\(map\\|d\\.[cm]?ts\\)' -delete

FROM \${BASE} AS service
# Add the libraries that your model's packages need here.
RUN apt-get update \\
    && apt-get install -y --no-install-recommends curl tini \\
    && apt-get clean \\
    && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \\
    && install -d -m 1777 /cache
WORKDIR /app
COPY --from=build /app ./
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 MODEL_CACHE_DIR=/cache
USER 1000:1000
EXPOSE 8000
# Only whether it lives: a model that still loads is no reason to restart.
HEALTHCHECK --interval=30s --timeout=10s \\
    CMD curl -fsS -o /dev/null "http://localhost:\${PORT:-8000}/health" || exit 1
# An init: signals take effect from the first moment, and no zombies remain.
ENTRYPOINT ["tini", "-e", "143", "--", "node", "dist/main.js"]
`;

const kubernetes = (
  project: string,
): string => `# kubectl apply -f kubernetes.yaml, once the image is in a registry that the cluster reads.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${project}
  labels:
    app.kubernetes.io/name: ${project}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: ${project}
  # A new pod is ready before an old one goes.
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${project}
      annotations:
        prometheus.io/scrape: 'true'
        prometheus.io/port: '8000'
        prometheus.io/path: /metrics
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      # At least preStop + DRAIN_SECONDS + the longest timeout of a model + 5.
      terminationGracePeriodSeconds: 75
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ${project}
          image: ${project}:0.1.0
          ports:
            - name: http
              containerPort: 8000
          # As many engines start as fit into the limits.
          resources:
            requests:
              cpu: '2'
              memory: 2Gi
            limits:
              cpu: '2'
              memory: 2Gi
          # Up to ten minutes for the first load. Until then no other probe runs.
          startupProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 60
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            initialDelaySeconds: 10
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 30
          livenessProbe:
            httpGet:
              path: /health
              port: http
            initialDelaySeconds: 5
            periodSeconds: 10
            timeoutSeconds: 5
          # Load balancers remove the pod meanwhile.
          lifecycle:
            preStop:
              sleep:
                seconds: 5
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: cache
              mountPath: /cache
      volumes:
        - name: cache
          emptyDir:
            sizeLimit: 1Gi
---
apiVersion: v1
kind: Service
metadata:
  name: ${project}
  labels:
    app.kubernetes.io/name: ${project}
spec:
  selector:
    app.kubernetes.io/name: ${project}
  ports:
    - name: http
      port: 8000
      targetPort: http
`;
