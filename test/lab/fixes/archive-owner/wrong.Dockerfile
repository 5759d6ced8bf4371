FROM busybox:1.35
ADD bundle.tar /home/
