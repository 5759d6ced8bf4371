FROM debian:stable-slim
RUN { apt-get update && apt-get install -y --no-install-recommends make || exit 1; } && rm -rf /var/lib/apt/lists/*
