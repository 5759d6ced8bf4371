FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY Makefile .
RUN make
CMD ["cat", "built"]
