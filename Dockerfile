# The images of Portico: `cpu` (the default), `cuda` and `demo`; and, with SERVICE=., that of a service of your own, whose folder is then
# the context. docs/containers.md says how to build and run them.
ARG BASE=node:24.21.0-trixie-slim
ARG CUDA_BASE=nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04

FROM ${BASE} AS build
# The package whose `main` the container runs: one of the workspace, or `.` for the project in the context.
ARG SERVICE=@portico/service
# onnxruntime-node's install script would fetch GPU libraries; the target `cuda` does so itself.
ENV ONNXRUNTIME_NODE_INSTALL=skip
# Downloads stay in the cache mount; by default pnpm would use a folder on the disk of the sources.
ENV pnpm_config_store_dir=/root/.local/share/pnpm/store
WORKDIR /src
COPY . .
# At the end, delete what nothing loads: ONNX Runtime for other systems, the compiler (an optional peer), declarations, source maps, tests, and
# the sources, so that the layer is small.
RUN --mount=type=cache,target=/root --mount=type=secret,id=npmrc \
    set -eu; \
    if [ "$SERVICE" = . ]; then \
      export npm_config_userconfig=/run/secrets/npmrc npm_config_audit=false npm_config_fund=false; \
      npm ci; npm run build --if-present; npm prune --omit=dev; cp -a . /app; rm -f /app/.npmrc; \
    else \
      node scripts/pnpm.mjs \
        "install --frozen-lockfile --silent --filter portico --filter-prod $SERVICE..." \
        "turbo run build --filter=$SERVICE --output-logs=errors-only" \
        "deploy --legacy --prod --silent --filter $SERVICE /app"; \
      cp -r LICENSE NOTICE licenses /app/; \
    fi; \
    find /src -mindepth 1 -delete; \
    cd /app; node -p 'require.resolve("/app")'; \
    find node_modules -type d -path '*/onnxruntime-node/bin/napi-v*/*/*' ! -path "*/linux/$(node -p process.arch)" \
      -prune -exec rm -rf {} +; \
    rm -rf node_modules/.pnpm/typescript@* node_modules/.pnpm/@typescript+*; \
    find node_modules -type f -regex '.*\.\(map\|d\.[cm]?ts\|test\.[cm]?[jt]s\)' -delete

FROM ${BASE} AS page-build
ENV pnpm_config_store_dir=/root/.local/share/pnpm/store
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root \
    set -eu; \
    NEXT_TELEMETRY_DISABLED=1 NEXT_OUTPUT=standalone node scripts/pnpm.mjs \
      "install --frozen-lockfile --silent --filter portico --filter @portico/demo-web..." \
      "turbo run build --filter=@portico/demo-web --output-logs=errors-only"; \
    cd apps/demo-web; \
    cp -a .next/static .next/standalone/apps/demo-web/.next/static

# The demo page.
FROM ${BASE} AS demo
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl tini \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
WORKDIR /app
COPY --from=page-build /src/LICENSE /src/NOTICE ./
COPY --from=page-build /src/licenses ./licenses
COPY --from=page-build /src/apps/demo-web/.next/standalone ./
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=10s \
    CMD curl -fsS -o /dev/null "http://localhost:${PORT:-3000}/" || exit 1
# Otherwise HOSTNAME is the name of the container, and the page would not listen on localhost.
ENTRYPOINT ["tini", "-e", "143", "--", "env", "HOSTNAME=0.0.0.0", "node", "apps/demo-web/server.js"]
ARG VERSION=0.1.0
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="Portico demo" \
      org.opencontainers.image.description="A page that shows what the models of a Portico server do" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"

# ONNX Runtime's libraries for CUDA 12: from their publisher, from a mirror of its feed, or one package. docs/gpu.md says more.
FROM build AS cuda-build
ARG PORTICO_CUDA_FEED
ARG PORTICO_CUDA_PACKAGE
ARG PORTICO_CUDA_SHA256
RUN --mount=type=cache,target=/root \
    node /app/node_modules/@portico/server/dist/cli/main.js setup-cuda

# The service on NVIDIA GPUs. The base has no Node of its own.
FROM ${CUDA_BASE} AS cuda
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl tini libstdc++6 \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -m 1777 /cache
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=cuda-build /app ./
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 MODEL_CACHE_DIR=/cache
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s \
    CMD curl -fsS -o /dev/null "http://localhost:${SAGEMAKER_BIND_TO_PORT:-${AIP_HTTP_PORT:-${PORT:-$(test -d /opt/ml/model && echo 8080 || echo 8000)}}}/health" || exit 1
# An init: signals take effect from the first moment, even while Node starts, and no zombies remain.
ENTRYPOINT ["tini", "-e", "143", "--", "node", "/app"]
CMD ["serve"]
ARG VERSION=0.1.0
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="Portico" \
      org.opencontainers.image.description="ONNX models as an HTTP service: OCR, faces, segmentation, voice activity, embeddings" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      com.amazonaws.sagemaker.capabilities.accept-bind-to-port="true"

# The service on the CPU.
FROM ${BASE} AS cpu
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl tini \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn* \
    && install -d -m 1777 /cache
WORKDIR /app
COPY --from=build /app ./
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 MODEL_CACHE_DIR=/cache
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s \
    CMD curl -fsS -o /dev/null "http://localhost:${SAGEMAKER_BIND_TO_PORT:-${AIP_HTTP_PORT:-${PORT:-$(test -d /opt/ml/model && echo 8080 || echo 8000)}}}/health" || exit 1
# An init: signals take effect from the first moment, even while Node starts, and no zombies remain.
ENTRYPOINT ["tini", "-e", "143", "--", "node", "/app"]
CMD ["serve"]
ARG VERSION=0.1.0
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="Portico" \
      org.opencontainers.image.description="ONNX models as an HTTP service: OCR, faces, segmentation, voice activity, embeddings" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      com.amazonaws.sagemaker.capabilities.accept-bind-to-port="true"
