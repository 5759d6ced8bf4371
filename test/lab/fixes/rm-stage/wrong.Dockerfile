FROM busybox:1.35 AS build
RUN yes data | head -c 2000000 > /home/raw && rm /home/raw

FROM build AS sums
RUN md5sum /home/raw > /sum

FROM build
COPY --from=sums /sum /sum
