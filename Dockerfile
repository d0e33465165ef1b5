# The dependencies are fetched once, each checked against its hash in constraints.txt; the image then installs from
# what was fetched, and only what the program itself needs of it.
FROM python:3.11-slim AS build
WORKDIR /source
COPY constraints.txt ./
RUN pip download --no-cache-dir --require-hashes --requirement constraints.txt --dest /wheels
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
RUN python -m venv /opt/tidings \
    && /opt/tidings/bin/pip install --no-cache-dir --no-index --find-links /wheels '.[postgres]'

FROM python:3.11-slim
ENV PATH=/opt/tidings/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --home-dir /srv/tidings --create-home tidings \
    && install --directory --owner tidings --group tidings /srv/tidings/data
COPY --from=build /opt/tidings /opt/tidings
WORKDIR /srv/tidings
USER tidings
VOLUME /srv/tidings/data
HEALTHCHECK --interval=2m --timeout=20s --start-period=2m --retries=3 CMD ["python", "-m", "bot.health"]
ENTRYPOINT ["tidings"]
CMD ["run"]
