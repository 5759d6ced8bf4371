FROM busybox:1.35
COPY tool /usr/local/bin/tool
RUN chown 33:33 /usr/local/bin/tool
