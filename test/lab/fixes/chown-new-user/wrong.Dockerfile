FROM busybox:1.35
COPY --chown=web:web app/ /app/
RUN echo web:x:77:77::/:/bin/sh >> /etc/passwd && echo web:x:77: >> /etc/group
