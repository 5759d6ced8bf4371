FROM busybox:1.35
RUN --mount=type=bind,source=bundle.tar,target=/tmp/bundle.tar tar -xf /tmp/bundle.tar -C /home
