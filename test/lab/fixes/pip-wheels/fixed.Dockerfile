FROM python:3-slim
RUN pip install --no-cache-dir --no-binary idna idna==3.10
CMD ["python3", "-c", "import idna"]
