ARG PYTHON_IMAGE=python:3.13-slim-bookworm

# Builds the wheel, and a virtual environment that holds it and the locked dependencies.
FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /tools \
    && /tools/bin/pip install --require-hashes --only-binary=:all: -r requirements-dev.lock
RUN python -m venv --without-pip /opt/rolecall \
    && /tools/bin/pip --python /opt/rolecall/bin/python install \
        --require-hashes --only-binary=:all: -r requirements.lock

COPY . .
RUN /tools/bin/python -m build --no-isolation --wheel --outdir /dist \
    && /tools/bin/pip --python /opt/rolecall/bin/python install \
        --no-index --no-deps /dist/rolecall-*.whl

FROM ${PYTHON_IMAGE}
RUN groupadd --system --gid 10001 rolecall \
    && useradd --system --uid 10001 --gid rolecall --no-create-home \
        --shell /usr/sbin/nologin rolecall \
    && install --directory --owner=rolecall --group=rolecall --mode=0700 /data
COPY --from=build /opt/rolecall /opt/rolecall
ENV PATH=/opt/rolecall/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ROLECALL_DATA=/data \
    HOST=0.0.0.0 \
    LOG_FORMAT=json
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM

# A proxy in the environment must not come between the check and its own container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD no_proxy=127.0.0.1 python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:${PORT:-8080}/healthz', timeout=4)"

ENTRYPOINT ["rolecall"]
CMD ["run"]
