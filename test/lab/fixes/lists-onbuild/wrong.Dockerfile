FROM debian:stable-slim AS onbuild
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
ONBUILD RUN ls /var/lib/apt/lists > /srv/names

FROM onbuild
CMD ["cat", "/srv/names"]
