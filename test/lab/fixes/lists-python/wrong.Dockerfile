FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
RUN python3 -c "from os import system; raise SystemExit(system('apt' + '-get install -y ed') >> 8)"
