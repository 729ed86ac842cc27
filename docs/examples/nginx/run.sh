#!/usr/bin/env bash
# nginx (Debian) serves the reference server's owners from files; the suite tests it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$here/../running.sh"

nginx=$(PATH=$PATH:/usr/sbin command -v nginx || true)
if [ -z "$nginx" ]; then
  # Unpacked and not installed: no rights are needed, and nothing is left running.
  mkdir -p "$tools"
  [ -x "$tools/usr/sbin/nginx" ] || (cd "$tools" && apt-get download --quiet nginx > "$work/apt.log" 2>&1 && dpkg -x nginx_*.deb .)
  nginx=$tools/usr/sbin/nginx
fi

port=$(free_port)
"$python" -m conformance.reference --export "$work/people" --port "$port" > "$work/export.log"
"$python" "$here/maps.py" "$work/people" "$work"
sed "s/@PORT@/$port/" "$here/nginx.conf" > "$work/nginx.conf"
"$nginx" -p "$work" -c nginx.conf -e stderr -g "user $(id -un);" > "$work/server.log" 2>&1 &
server=$!
await_port "$port"

set -a
# shellcheck source=/dev/null
. "$work/people/tokens.env"
set +a
run_suite --target="$work/people/target.toml"
