FROM debian:stable-slim
# tools
RUN apt-get update && \
    apt-get install -y --no-install-recommends \
        # for the build
        make \
        patch && \
    make --version && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /srv
