FROM debian:stable-slim
RUN useradd --create-home --uid 200000 app
USER app
