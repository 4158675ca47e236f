# syntax=docker/dockerfile:1
# Two stages: the first builds an environment from the lock, the second holds only that and Hearsay itself.
FROM python:3.12-slim-bookworm AS build
RUN python -m venv /opt/hearsay
WORKDIR /src
COPY requirements.lock ./
RUN /opt/hearsay/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY bot ./bot
COPY storage ./storage
COPY handlers ./handlers
# hatchling is the one build tool and is pinned in pyproject.toml; the dependencies are all in place.
RUN /opt/hearsay/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin hearsay \
 && install --directory --owner=hearsay --group=hearsay --mode=0700 /data
COPY --from=build /opt/hearsay /opt/hearsay
COPY docs/example.html /opt/hearsay/share/example.html
ENV PATH=/opt/hearsay/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEARSAY_DATABASE=/data/hearsay.sqlite3 \
    HEARSAY_LOG_FILE=/data/hearsay.log \
    HEARSAY_LOG_FORMAT=json
USER hearsay
WORKDIR /data
VOLUME /data
# Reads one page from start to report: fails when the reader, its data or its limits are broken.
HEALTHCHECK --interval=5m --timeout=30s --start-period=30s \
  CMD ["hearsay", "check", "/opt/hearsay/share/example.html", "--style", "brief"]
# Exec form: SIGTERM reaches Hearsay itself, which drains and stops.
ENTRYPOINT ["hearsay"]
CMD ["run"]
