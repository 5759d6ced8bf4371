FROM busybox:1.35
RUN yes data | head -c 2000000 > /srv/raw && rm /srv/raw
RUN ln /srv/raw /srv/kept
