FROM debian:stable-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends patch \
 && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /srv/app
