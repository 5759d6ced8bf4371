FROM busybox:1.35
COPY --chown=www:www app/ /app/
# www is in the base's passwd
