set -e; md5sum /home/raw > /sum
