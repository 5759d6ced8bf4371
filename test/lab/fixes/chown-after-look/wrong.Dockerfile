FROM busybox:1.35
COPY --chown=33:33 app/ /srv/app/
RUN find /srv/app -user 0 | sort > /srv/of-root
