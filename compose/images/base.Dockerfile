# The layer every local image shares, where a registry has Debian. Without one, `gauntlet images build` makes the same
# from Debian packages (mmdebstrap). It also serves as the holder of a node's network: it has nft, bash and timeout.
ARG DEBIAN=debian:bookworm-slim
FROM ${DEBIAN}
ARG PACKAGES
# Java's packages link to manual pages, whose folder slim images leave out.
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && apt-get install -y --no-install-recommends ${PACKAGES} \
 && rm -rf /var/lib/apt/lists/*
ENV LANG=C.UTF-8
CMD ["sleep", "infinity"]
