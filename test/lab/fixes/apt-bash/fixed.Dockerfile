FROM debian:stable-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ARG TOOL=make
RUN apt-get update && apt-get install -y --no-install-recommends ${TOOL} && (make --version | head -n 1) && rm -rf /var/lib/apt/lists/*
