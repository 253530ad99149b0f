# One image for web, worker, beat and migrate; docker-compose.yml tells them apart by command.
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS packages

COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/runtime.txt

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

RUN useradd --system --uid 10001 --no-create-home --home-dir /srv/carenet carenet
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production

WORKDIR /srv/carenet
COPY manage.py ./
COPY config ./config
COPY carenet ./carenet

# The settings insist on these; collecting files uses none of them, and none stays.
RUN SECRET_KEY=unused ALLOWED_HOSTS=unused DATABASE_URL=postgresql://unused/unused \
    REDIS_URL=redis://unused python manage.py collectstatic --no-input \
    && python -m compileall -q config carenet \
    && install --directory --owner carenet --mode 700 /srv/attachments

# Only root may write to the code. What runs may write to /tmp and to the volume of
# attached files, and nowhere else.
USER carenet
EXPOSE 8000
CMD ["python", "-m", "config.server", "--host", "0.0.0.0", "--port", "8000", "--processes", "2", "--threads", "4"]
