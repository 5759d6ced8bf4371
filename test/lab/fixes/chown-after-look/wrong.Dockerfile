FROM busybox:1.35
COPY --chown=33:33 app/ /app/
RUN find /app -user 0 | sort > /home/of-root
