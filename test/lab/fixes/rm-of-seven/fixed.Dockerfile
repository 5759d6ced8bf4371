FROM busybox:1.35
RUN yes data | head -c 2000000 > /home/raw \
    && md5sum /home/raw > /sum \
    && rm /home/raw
RUN mkdir /home/a
RUN mkdir /home/b
RUN mkdir /home/c
RUN mkdir /home/d
