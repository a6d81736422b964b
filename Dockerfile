# The image of one service, and of the migrations:
#   docker build --build-arg SERVICE=gateway --build-arg PORT=8080 .
#   docker build --build-arg SERVICE=chat --target migrate .
# No `# syntax`, no `RUN --mount`: BuildKit takes it and so does the builder before it.
FROM node:24-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app

# Node.js and what it needs of Debian, with a shell for health checks and commands: no npm, yarn, headers,
# package manager or Perl. The record of packages names what is there, for scanners. A package that is
# renamed by a later Debian fails the build here.
FROM base AS least
RUN packages="base-files base-passwd bash coreutils dash findutils gcc-12-base grep libacl1 libattr1 \
    libc6 libgcc-s1 libgmp10 libpcre2-8-0 libselinux1 libstdc++6 libtinfo6 sed tar tzdata" \
  # What Node.js needs on some processors.
  && packages="$packages $(dpkg-query --show --showformat='${Package}' libatomic1 2>/dev/null || true)" \
  && cd /tmp && mkdir -p root/usr/bin root/usr/lib root/usr/lib64 root/usr/sbin root/var/lib/dpkg \
  && dpkg --status $packages >root/var/lib/dpkg/status && dpkg --listfiles $packages >files \
  && printf '%s\n' /etc/group /etc/host.conf /etc/localtime /etc/nsswitch.conf /etc/passwd /etc/timezone \
    /home/node /usr/local/bin/node >>files \
  && grep '^/' files | grep -Ev '^/usr/share/(info|lintian|locale|man)/|/gconv/' | sort -u >kept \
  # Slim images leave out documentation that their packages list; some have no /etc/host.conf.
  && tar --create --no-recursion --ignore-failed-read --file=root.tar --files-from=kept \
  && tar --extract --directory=root --file=root.tar

FROM scratch AS runtime
COPY --from=least /tmp/root /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV NODE_ENV=production
WORKDIR /app
RUN node --version

FROM base AS manifests
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
COPY services services
COPY bench bench
COPY console/package.json console/
RUN find packages services -type f ! -name package.json -delete \
  && find packages services -type d -empty -delete

# Fetched once for all five. While the manifests are the same, so is this, whatever the sources are.
FROM base AS store
RUN npm install --global --no-audit --no-fund pnpm@12.21.0
COPY --from=manifests /app .
RUN pnpm install --frozen-lockfile --prod --no-optional --filter-prod "{./services/*}..."

FROM store AS dependencies
WORKDIR /service
COPY --from=manifests /app .
ARG SERVICE
RUN test -f "services/$SERVICE/package.json" \
  || { echo "SERVICE is \"$SERVICE\"; expected gateway, auth, chat, video or storage." >&2; exit 1; }
# Of the libraries stays what runs: half of them are types and source maps, which Node.js does not read.
# What is there is listed beside it, in CycloneDX.
RUN pnpm install --frozen-lockfile --offline --prod --no-optional \
    --filter-prod "@secureconnect/$SERVICE..." \
  && pnpm sbom --sbom-format cyclonedx --sbom-spec-version 1.6 --sbom-type application --prod --no-optional \
    --filter-prod "@secureconnect/$SERVICE..." --out sbom.cdx.json \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.[cm]ts' \) -delete \
  && rm -rf bench console

# Gateway serves the console; Vite and what else builds it stay behind. Empty in the other images.
FROM store AS console
COPY tsconfig.base.json ./
COPY packages/client packages/client
COPY console console
ARG SERVICE
RUN mkdir -p console/dist \
  && if [ "$SERVICE" = gateway ]; then \
    pnpm install --frozen-lockfile --prod --filter-prod "@secureconnect/console..." \
    && node console/node_modules/vite/bin/vite.js build console; \
  fi

FROM runtime AS sources
LABEL org.opencontainers.image.licenses=Apache-2.0
COPY --from=dependencies /service .
COPY packages packages

FROM sources AS migrate
LABEL org.opencontainers.image.title="SecureConnect migrations"
COPY services services
COPY scripts scripts
USER node
CMD ["node", "scripts/migrate.ts", "--wait", "300"]

FROM sources AS code
ARG SERVICE
COPY services/$SERVICE services/$SERVICE
COPY --from=console /app/console/dist console/dist
WORKDIR /app/services/$SERVICE

# Compiled once here and not at every start, which it halves. Without settings a service ends, but not
# before its imports. As the user that it runs as, whose cache alone is looked at.
FROM code AS compiled
ENV NODE_COMPILE_CACHE=/app/compile-cache
RUN install -d -o node /app/compile-cache
USER node
RUN ! node src/main.ts 2>&1 && chmod -R a+rX /app/compile-cache

FROM code AS service
ARG SERVICE
ARG PORT
LABEL org.opencontainers.image.title="SecureConnect $SERVICE"
COPY --from=compiled --chown=root:root /app/compile-cache /app/compile-cache
ENV NODE_COMPILE_CACHE=/app/compile-cache
ENV READY_PORT=$PORT
EXPOSE $PORT
USER node
# Not by node, which would take a hundred times as long as the answer.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$READY_PORT && printf 'GET /ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
CMD ["node", "src/main.ts"]
