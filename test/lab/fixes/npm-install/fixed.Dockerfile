FROM node:20-slim
WORKDIR /app
COPY package.json .
RUN npm install --no-audit --no-fund && npm cache clean --force
COPY index.js .
CMD ["node", "index.js"]
