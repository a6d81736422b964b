# What most guides show for one service of a monorepo: everything is copied, then installed.
FROM node:24-bookworm-slim
ENV NODE_ENV=production
RUN npm install --global --no-audit --no-fund pnpm@12.21.0
WORKDIR /app
COPY . .
RUN pnpm install --frozen-lockfile --prod --no-optional --filter-prod "@secureconnect/gateway..."
WORKDIR /app/services/gateway
USER node
CMD ["node", "src/main.ts"]
