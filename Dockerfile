# Entente in one image: the server with its front end inside. `docker compose up` starts it with MongoDB and Redis.

FROM rust:1.95-bookworm AS tools
RUN apt-get update && apt-get install --yes --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
RUN rustup target add wasm32-unknown-unknown
# The versions are those of xtask/src/tools; the tools run for seconds, so they are not optimised.
RUN cargo install trunk --debug --locked --version 0.21.14 --no-default-features --features rustls
RUN npm install --global binaryen@132.0.0
COPY Cargo.lock /tmp/Cargo.lock
RUN version="$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' /tmp/Cargo.lock)" \
    && cargo install wasm-bindgen-cli --debug --version "$version"

FROM tools AS build
WORKDIR /src
COPY . .
RUN trunk --color never build --offline && node xtask/compress.mjs web/dist
RUN ENTENTE_WEB_DIST=/src/web/dist cargo build --release --locked --package entente-server

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/entente --create-home entente
COPY --from=build /src/target/release/entente /usr/local/bin/entente
COPY --from=build /src/seed-data /usr/share/entente/seed-data
COPY --from=build /src/LICENSE /usr/share/entente/LICENSE
USER entente
WORKDIR /var/lib/entente
ENV ENTENTE_LISTEN=0.0.0.0:8080 ENTENTE_DATA_DIR=/var/lib/entente ENTENTE_LOG_FORMAT=json
EXPOSE 8080
VOLUME /var/lib/entente
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["entente", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["entente"]
CMD ["serve"]
