FROM debian:stable-slim
RUN <<EOF
set -e
apt-get update
apt-get install -y --no-install-recommends patch
patch --version
rm -rf /var/lib/apt/lists/*
EOF
CMD ["patch"]
