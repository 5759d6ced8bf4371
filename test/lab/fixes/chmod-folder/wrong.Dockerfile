FROM busybox:1.35
COPY --chmod=0700 app/ /app/
