set -e; md5sum /srv/raw > /sum
