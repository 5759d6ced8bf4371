FROM busybox:1.35
COPY tool /usr/bin/tool
RUN chown 33:33 /usr/bin/tool
