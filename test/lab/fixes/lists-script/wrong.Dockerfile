FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY report.sh /build/
RUN sh /build/report.sh
