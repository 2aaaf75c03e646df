# Two stages: the first installs the locked packages, the second carries them; the app runs as a user without rights.
# trixie, because its pg_dump (17) reads the PostgreSQL 17 of docker-compose.yml: a back-up needs a client as new as the server.
FROM python:3.11.15-slim-trixie@sha256:3c35dbe0205e9428cdd671c078cc6c824fc20c86591646eb91c0cdc6c86fb8bd AS build
WORKDIR /app
# s3 instead of prod: with what keeps files in a bucket
ARG REQUIREMENTS=prod
COPY requirements requirements
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/${REQUIREMENTS}.txt

FROM python:3.11.15-slim-trixie@sha256:3c35dbe0205e9428cdd671c078cc6c824fc20c86591646eb91c0cdc6c86fb8bd
# the fonts: a PDF is refused where a name has a letter that no font has
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client fonts-noto-core fonts-noto-cjk && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 gmg \
    && mkdir -p /data && chown gmg /data
# MALLOC_ARENA_MAX: one thread of a process runs at a time, and an arena for each keeps memory that nobody uses
ENV MALLOC_ARENA_MAX=1
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/data DJANGO_SETTINGS_MODULE=gmgapp.settings
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py ./
COPY gmgapp gmgapp
COPY coordination coordination
COPY templates templates
COPY fixtures fixtures
RUN DEBUG=false SECRET_KEY=only-for-collecting-the-static-files-in-the-image-not-used-after ALLOW_HTTP=true VAR_DIR=/static-build \
    DATABASE_URL=postgres://nowhere/none REDIS_URL=redis://nowhere EMAIL_URL=smtp://nowhere \
    python manage.py collectstatic --noinput && mv /static-build/static /app/static && rm -r /static-build
ENV STATIC_ROOT=/app/static
USER gmg
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "gmgapp.probe"]
# No access log: it would hold the tokens of invitations and password resets. The proxy of docker-compose.yml writes one without them.
CMD ["gunicorn", "gmgapp.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "2"]
