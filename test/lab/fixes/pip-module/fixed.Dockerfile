FROM python:3-slim
WORKDIR /app
COPY requirements.txt .
RUN python3 -m pip install --no-cache-dir \
      --no-binary idna \
      -r requirements.txt
COPY main.py .
