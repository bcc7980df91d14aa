# Any image with Python 3.11 or newer and venv will do, a private one too: --build-arg PYTHON_IMAGE=...
ARG PYTHON_IMAGE=python:3.13-slim

# ---- The style sheet and the script; Node.js comes from PyPI and stays in this stage ----
FROM ${PYTHON_IMAGE} AS assets
ENV PATH=/opt/node/bin:$PATH
WORKDIR /src
COPY requirements/node.txt requirements/
RUN python3 -m venv /opt/node \
    && python3 -m pip install --no-cache-dir --no-deps --require-hashes -r requirements/node.txt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-progress
COPY build-assets.mjs ./
COPY app/web/assets app/web/assets
RUN node build-assets.mjs

# ---- The packages, and the command `enablers` ----
FROM ${PYTHON_IMAGE} AS packages
ENV PATH=/opt/enablers/bin:$PATH
WORKDIR /srv/enablers
COPY requirements/extras.txt requirements/build.txt requirements/
RUN python3 -m venv /opt/enablers \
    && python3 -m pip install --no-cache-dir --no-deps --require-hashes -r requirements/extras.txt -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY app/__init__.py app/
# Editable, so that the program finds its questionnaires and migrations beside it, as in a checkout.
RUN python3 -m pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && python3 -m pip uninstall --quiet --yes setuptools pip

# ---- What runs ----
FROM ${PYTHON_IMAGE}
ENV PATH=/opt/enablers/bin:$PATH \
    PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin enablers \
    && install --directory --owner=enablers /srv/enablers/var
WORKDIR /srv/enablers
COPY --from=packages /opt/enablers /opt/enablers
COPY pyproject.toml alembic.ini LICENSE ./
COPY migrations migrations
COPY questionnaires questionnaires
COPY app app
COPY --from=assets /src/app/web/static app/web/static
RUN python3 -m compileall -q app
USER 10001
VOLUME /srv/enablers/var
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["enablers", "serve", "--host", "0.0.0.0", "--port", "8000"]
