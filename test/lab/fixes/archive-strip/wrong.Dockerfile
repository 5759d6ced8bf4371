FROM debian:stable-slim
ADD bundle.tar /home/
