# One image for web, worker, beat and the one-off migration; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt /tmp/
RUN pip install -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk gettext libgdal32 libgeos-c1v5 libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 libproj25 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /srv/portal /var/lib/portal /var/lib/portal/files /var/lib/portal/static
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/portal
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    PORTAL_VAR=/var/lib/portal
# Compiled translations and hashed static files belong to the image, not to a start. The build has no secrets, so the
# files are collected under the development settings with the production storage.
RUN for po in locale/*/LC_MESSAGES/*.po; do msgfmt -o "${po%.po}.mo" "$po"; done \
    && DJANGO_SETTINGS_MODULE=portal.settings.build python manage.py collectstatic --no-input --verbosity 0
USER portal
EXPOSE 8000
ENTRYPOINT ["docker/entrypoint"]
CMD ["web"]
