FROM busybox:1.35
COPY --chmod=0755 app/ /app/
