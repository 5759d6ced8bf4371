FROM node:20-slim
WORKDIR /app
COPY package.json .
RUN npm install --omit=dev --no-audit --no-fund --cache /tmp/npm && rm -rf /tmp/npm
COPY index.js .
CMD ["node", "index.js"]
