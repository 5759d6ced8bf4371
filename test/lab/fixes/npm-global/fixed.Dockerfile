FROM node:20-slim
RUN set -e; npm install --global --no-audit --no-fund typescript@5.4.5; tsc --version; npm cache clean --force
