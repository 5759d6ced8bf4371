FROM busybox:1.35 AS build
RUN yes data | head -c 2000000 > /srv/raw && rm /srv/raw

FROM build AS sums
RUN md5sum /srv/raw > /sum

FROM build
COPY --from=sums /sum /sum
