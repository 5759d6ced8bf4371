FROM busybox:1.35
RUN <<EOF
set -e
dd if=/dev/urandom of=/var/spool/big bs=1k count=600
sha256sum /var/spool/big > /dev/null
rm /var/spool/big
EOF
ENV READY=1
CMD ["true"]
