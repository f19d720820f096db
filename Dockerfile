FROM python:3.13-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# What WeasyPrint makes PDF with; its fonts come along.
RUN apt-get update && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home portal
WORKDIR /srv/portal

COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt

COPY --chown=portal:portal . .
RUN mkdir -p var && chown portal:portal var
USER portal

# Static files need no secret; this one is never used to serve a request.
RUN SECRET_KEY=only-for-gathering-static-files-0123456789abcdef \
    ENCRYPTION_KEYS=only-for-gathering-static-files-0123456789abcdef \
    python manage.py collectstatic --no-input

EXPOSE 8000
CMD ["gunicorn", "smmportal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--no-control-socket"]
