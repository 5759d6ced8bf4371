FROM busybox:1.35
RUN yes data | head -c 2000000 > /home/raw && rm /home/raw
RUN cd / && md5sum h*/r* > /sum
