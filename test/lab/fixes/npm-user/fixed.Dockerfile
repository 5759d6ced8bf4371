FROM node:20-slim
RUN mkdir -p /home/app && chown 1000:1000 /home/app
ENV HOME=/home/app
USER 1000:1000
WORKDIR /home/app
RUN npm install --no-audit --no-fund ms@2.1.3 typescript@5.4.5 && npm cache clean --force
