FROM node:20-slim
RUN mkdir -p /srv/root /home/app && chown 1000:1000 /home/app
WORKDIR /srv/root
RUN --mount=type=cache,target=/root/.npm npm install --no-audit --no-fund ms@2.1.3
ENV HOME=/home/app
USER 1000:1000
WORKDIR /home/app
RUN --mount=type=cache,target=/home/app/.npm,uid=1000,gid=1000 npm install --no-audit --no-fund semver@7.6.3
