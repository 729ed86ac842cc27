#!/usr/bin/env bash
# mountebank (npm) is programmed to answer as the contract wants; the suite judges it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$here/../running.sh"

npm_package mountebank 2.9.1
port=$(free_port)
"$python" -m conformance.reference --export "$work/people" --port "$port" > "$work/export.log"
"$python" "$here/imposters.py" "$work/people" "$port" > "$work/imposters.json"
# --allowInjection: two stubs hold a line of JavaScript; so nobody else's machine may reach it.
node "$tools/node_modules/mountebank/bin/mb" start --port "$(free_port)" --host 127.0.0.1 --localOnly --allowInjection \
  --noParse --configfile "$work/imposters.json" --nologfile --loglevel warn --pidfile "$work/mb.pid" \
  > "$work/server.log" 2>&1 &
server=$!
await_port "$port"

set -a
# shellcheck source=/dev/null
. "$work/people/tokens.env"
set +a
judge --target="$work/people/target.toml"
