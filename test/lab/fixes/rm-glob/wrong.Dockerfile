FROM busybox:1.35
RUN yes data | head -c 2000000 > /srv/raw && rm /srv/raw
RUN cd / && md5sum s*/r* > /sum
