FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY Makefile /build/
WORKDIR /build
RUN make tools
