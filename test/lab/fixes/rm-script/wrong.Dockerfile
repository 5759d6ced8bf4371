FROM busybox:1.35
RUN yes data | head -c 2000000 > /home/raw && rm /home/raw
COPY sum.sh /
RUN sh /sum.sh
