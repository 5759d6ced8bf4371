FROM busybox:1.35
RUN yes data | head -c 2000000 > /srv/raw && rm /srv/raw
COPY sum.sh /
RUN sh /sum.sh
