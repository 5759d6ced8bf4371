FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends patch && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends ed && rm -rf /var/lib/apt/lists/*
CMD ["ed"]
