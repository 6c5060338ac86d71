# docker build -t depthscope .                      PyTorch's CPU build where one is offered
# docker build --build-arg CUDA=1 -t depthscope .   its plain build, with CUDA on Linux x86-64
# docker build --build-arg DATA="mnist fashion-mnist" -t depthscope .   with these data sets inside
# TORCH_INDEX names the package index that PyTorch's own start page gives for a machine.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/depthscope
ENV PATH=/opt/depthscope/bin:$PATH
WORKDIR /src

# From what changes least to what changes most, so that a change of the code repeats only the last.
ARG CUDA=""
ARG TORCH_INDEX=""
ARG TORCH=2.13.0
COPY constraints.txt ./
RUN set -- ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -c constraints.txt; \
    if [ -n "$CUDA" ] || ! pip install "$@" "torch==$TORCH+cpu"; then pip install "$@" "torch==$TORCH"; fi

COPY pyproject.toml ./
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
      > requirements.txt \
    && pip install -c constraints.txt -r requirements.txt

COPY README.md ./
COPY models models
COPY static static
COPY templates templates
COPY app app
RUN pip install --no-deps .

# Data sets for a room without internet: what lies in data/ of the build context, and what DATA names.
# constraints.txt is there because one of the files that COPY names has to be; data/ need not.
ARG DATA=""
COPY constraints.txt dat[a] /opt/baked/
RUN rm /opt/baked/constraints.txt \
    && if [ -n "$DATA" ]; then depthscope data get --data /opt/baked $DATA; fi \
    && depthscope data check --data /opt/baked \
    && rm -rf /opt/baked/locks \
    && chmod -R a+rX /opt/baked

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin depthscope \
    && install -d -o depthscope -g depthscope /data
COPY --from=build /opt/depthscope /opt/depthscope
COPY --from=build /opt/baked /opt/baked
ENV PATH=/opt/depthscope/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DEPTHSCOPE_CONTAINER=true \
    DEPTHSCOPE_HOST=0.0.0.0 \
    DEPTHSCOPE_PORT=8000 \
    DEPTHSCOPE_DATA=/data \
    DEPTHSCOPE_BAKED=/opt/baked
USER depthscope
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['DEPTHSCOPE_PORT'] + '/healthz', timeout=4)"]
CMD ["depthscope", "serve"]
