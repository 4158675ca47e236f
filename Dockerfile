# syntax=docker/dockerfile:1
# Two stages: the first builds an environment from the lock, the second holds only that and Hearsay itself.
ARG BASE=python:3.12.11-slim-bookworm

FROM ${BASE} AS build
# Without pip: the environment goes into the image, and what installs it does not.
RUN python -m venv --without-pip /opt/hearsay
WORKDIR /src
COPY requirements.lock ./
RUN pip --python /opt/hearsay/bin/python install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY bot ./bot
COPY storage ./storage
COPY handlers ./handlers
# hatchling is the one build tool and is pinned in pyproject.toml; the dependencies are all in place.
RUN pip --python /opt/hearsay/bin/python install --no-cache-dir --no-deps .

FROM ${BASE}
# By number, so that Kubernetes can see that it is not root; the volume is this user's alone.
RUN groupadd --system --gid 10001 hearsay \
 && useradd --system --uid 10001 --gid hearsay --home-dir /data --shell /usr/sbin/nologin hearsay \
 && install --directory --owner=hearsay --group=hearsay --mode=0700 /data \
 && python -m pip uninstall --yes --quiet --root-user-action=ignore pip
COPY --from=build /opt/hearsay /opt/hearsay
ENV PATH=/opt/hearsay/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEARSAY_DATABASE=/data/hearsay.sqlite3 \
    HEARSAY_LOG_FILE=/data/hearsay.log \
    HEARSAY_LOG_FORMAT=json \
    HEARSAY_OPERATIONS_PORT=8082
USER 10001:10001
WORKDIR /data
VOLUME /data
# Whether the event loop still turns; whether platforms and database are there is for /readyz to say, as a new start helps neither.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['HEARSAY_OPERATIONS_PORT'] + '/healthz', timeout=4)"]
# Exec form: SIGTERM reaches Hearsay itself, which finishes what it accepted and ends within 30 s. Docker waits 10: use --stop-timeout 30.
STOPSIGNAL SIGTERM
ENTRYPOINT ["hearsay"]
CMD ["run"]
