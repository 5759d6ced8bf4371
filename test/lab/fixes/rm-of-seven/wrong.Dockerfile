FROM busybox:1.35
RUN yes data | head -c 2000000 > /home/raw && rm /home/raw
RUN md5sum /home/raw > /sum
RUN mkdir /home/a
RUN mkdir /home/b
RUN mkdir /home/c
RUN mkdir /home/d
