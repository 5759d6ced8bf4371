FROM busybox:1.35
COPY --chown=1000:1000 app/ /app/
RUN mkdir -p /srv/data
