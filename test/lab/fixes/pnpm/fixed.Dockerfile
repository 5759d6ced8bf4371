FROM node:20-slim
RUN npm install --global --no-audit --no-fund --cache /tmp/npm pnpm@9.15.4 && rm -rf /tmp/npm
WORKDIR /app
COPY package.json .
RUN pnpm add --save-exact ms@2.1.3 && pnpm store prune
CMD ["node", "index.js"]
