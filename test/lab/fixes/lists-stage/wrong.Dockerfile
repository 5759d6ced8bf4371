FROM debian:stable-slim AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*

FROM debian:stable-slim AS builder
RUN echo 1.0 > /version

FROM runtime
COPY --from=builder /version /version
RUN apt-get install -y --no-install-recommends ed
