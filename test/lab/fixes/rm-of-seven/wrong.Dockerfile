FROM busybox:1.35
RUN yes data | head -c 2000000 > /srv/raw && rm /srv/raw
RUN md5sum /srv/raw > /sum
RUN mkdir /srv/a
RUN mkdir /srv/b
RUN mkdir /srv/c
RUN mkdir /srv/d
