FROM python:3-slim AS build
RUN pip install --no-cache-dir --no-binary idna idna==3.10

FROM build AS wheels
RUN find /root/.cache/pip -name '*.whl' | grep -c whl > /count

FROM build
COPY --from=wheels /count /count
