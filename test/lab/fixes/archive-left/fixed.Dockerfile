FROM busybox:1.35
RUN wget -q -O /tmp/tool.tar http://127.0.0.1:48123/tool.tar && tar -xf /tmp/tool.tar -C /home && rm /tmp/tool.tar
CMD ["cat", "/home/data"]
