ls /var/lib/apt/lists > /srv/names
