FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
ENV STATE=/var/lib
RUN cp -r "$STATE/apt" /srv/apt
