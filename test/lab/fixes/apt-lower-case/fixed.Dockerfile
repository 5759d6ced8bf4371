from debian:stable-slim
run apt-get update -qq && apt-get -y --no-install-recommends install make > /dev/null && rm -rf /var/lib/apt/lists/*
cmd ["make"]
