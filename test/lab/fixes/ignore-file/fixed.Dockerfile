FROM busybox:1.35
WORKDIR /src
COPY . .
CMD ["cat", "main.c"]
