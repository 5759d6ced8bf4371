FROM node:20-slim
RUN npm install --global --no-audit --no-fund --cache /tmp/npm yarn@1.22.22 && rm -rf /tmp/npm /root/.npm
WORKDIR /app
COPY package.json .
RUN yarn install --non-interactive && yarn cache clean
