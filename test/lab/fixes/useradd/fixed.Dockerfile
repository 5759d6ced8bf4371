FROM debian:stable-slim
RUN touch /var/log/lastlog /var/log/faillog && useradd --create-home --uid 200000 app
USER app
