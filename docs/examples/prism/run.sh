#!/usr/bin/env bash
# Prism (npm) responds from our OpenAPI description; the suite tests it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$here/../running.sh"

npm_package @stoplight/prism-cli 5.16.0
port=$(free_port)
node "$tools/node_modules/@stoplight/prism-cli/dist/index.js" mock --host 127.0.0.1 --port "$port" \
  "$root/openapi/profilephoto.yaml" > "$work/server.log" 2>&1 &
server=$!
await_port "$port"

ADELE_TOKEN=any run_suite --base-url="http://127.0.0.1:$port" --target="$here/target.toml"
