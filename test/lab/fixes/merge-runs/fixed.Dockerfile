FROM busybox:1.35
RUN head -c 2000000 /dev/zero > /data.bin \
    && head -c 2000000 /dev/zero | tr '\000' 'x' > /data.bin
