# Linted by the tests (hadolint), not built by them. How to use it: docs/service.md.
FROM python:3.11-slim-bookworm AS made
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/muhan \
    && /opt/muhan/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY strategy strategy
COPY kis kis
COPY bot bot
RUN /opt/muhan/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --shell /usr/sbin/nologin --home-dir /var/lib/muhan --create-home muhan \
    && chmod 0700 /var/lib/muhan
COPY --from=made /opt/muhan /opt/muhan
ENV PATH=/opt/muhan/bin:$PATH \
    MUHAN_HOME=/var/lib/muhan \
    CREDENTIALS_DIRECTORY=/run/secrets \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /var/lib/muhan
VOLUME ["/var/lib/muhan"]
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2m --timeout=20s --start-period=2m --retries=3 CMD ["muhan", "status", "--json"]
ENTRYPOINT ["muhan"]
CMD ["run"]
