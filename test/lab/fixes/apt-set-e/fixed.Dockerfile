FROM debian:stable-slim
RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends make; \
	make --version; \
	rm -rf /var/lib/apt/lists/*
