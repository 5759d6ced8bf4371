FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
RUN tar -C /var -cf - lib | tar -tf - | sort > /srv/names
