FROM busybox:1.35
COPY app/ /app/
RUN chown -R 1000:1000 /app && mkdir -p /srv/data
