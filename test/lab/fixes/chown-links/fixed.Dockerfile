FROM busybox:1.35
COPY --chown=33:33 app/ /app/
