FROM node:20-slim
WORKDIR /app
COPY package.json .
RUN npm install --no-audit --no-fund && npm cache clean --force
COPY index.js .
# another package, and one cleaning for all
RUN npm install --global --no-audit --no-fund semver@7.6.3 && npm cache clean --force
CMD ["node", "index.js"]
