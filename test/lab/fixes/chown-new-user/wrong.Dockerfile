FROM busybox:1.35
COPY --chown=web:web app/ /srv/app/
RUN adduser -D -H web
