#!/usr/bin/env bash
# mountebank (npm) is programmed to respond as the contract requires; the suite tests it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$here/../running.sh"

npm_package mountebank 2.9.1
port=$(free_port)
"$python" -m conformance.reference --export "$work/people" --port "$port" > "$work/export.log"
"$python" "$here/imposters.py" "$work/people" "$port" > "$work/imposters.json"
# --allowInjection: two stubs hold a line of JavaScript, so no other machine may reach it.
node "$tools/node_modules/mountebank/bin/mb" start --port "$(free_port)" --host 127.0.0.1 --localOnly --allowInjection \
  --noParse --configfile "$work/imposters.json" --nologfile --loglevel warn --pidfile "$work/mb.pid" \
  > "$work/server.log" 2>&1 &
server=$!
await_port "$port"

set -a
# shellcheck source=/dev/null
. "$work/people/tokens.env"
set +a
run_suite --target="$work/people/target.toml"
