FROM busybox:1.35
RUN head -c 3000000 /dev/urandom > /tmp/seed.bin && md5sum /etc/passwd > /sum && rm /tmp/seed.bin
ENV SEEDED=1
