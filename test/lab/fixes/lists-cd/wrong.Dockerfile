FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /var/lib
RUN cd apt && find . | sort > /srv/names
