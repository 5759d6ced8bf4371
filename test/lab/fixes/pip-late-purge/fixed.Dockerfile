FROM python:3-slim
WORKDIR /app
COPY requirements.txt .
RUN python3 -m pip install --no-binary idna -r requirements.txt && python3 -m pip cache purge
COPY main.py .
