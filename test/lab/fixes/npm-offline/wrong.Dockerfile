FROM node:20-slim
WORKDIR /app
COPY package.json .
RUN npm install --no-audit --no-fund && npm cache clean --force
RUN npm install --offline --no-audit --no-fund --prefix /opt ms@2.1.3
