# What the examples share; sourced by each run.sh, which sets `here` to its own folder and `root` to the project's.
#
#   PYTHON   the Python of the suite's environment; .venv/bin/python of the project, as `make conformance` made it
#   TOOLS    a folder that keeps what is installed for the next time; else it goes into a temporary one
#   REPORTS  where the reports go; reports/ of the project

# shellcheck shell=bash
: "${here:?} ${root:?}"
python=${PYTHON:-$root/.venv/bin/python}
reports=${REPORTS:-$root/reports}
work=$(mktemp -d)
tools=${TOOLS:-$work/tools}/$(basename "$here")
server=
export PYTHONPATH=$root

finish() {
  local code=$?
  if [ -n "$server" ]; then
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
  fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A free port on the loopback interface.
free_port() {
  "$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Install one package of npm, by name and version, unless it is there.
npm_package() {
  [ -d "$tools/node_modules/$1" ] || npm install --silent --no-audit --no-fund --prefix "$tools" "$1@$2"
}

# Wait until the server accepts connections; its log is shown where it never does.
await_port() {
  local left=600
  until (: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null; do
    left=$((left - 1))
    if [ "$left" -eq 0 ] || ! kill -0 "$server" 2> /dev/null; then
      cat "$work/server.log" >&2
      return 3
    fi
    sleep 0.1
  done
}

# Test the server, and print the last section of the suite's output.
# Returns 0 where the server was evaluated, whatever the result; reports are in $reports.
run_suite() {
  local code=0
  (cd "$work" && "$python" -m pytest -c "$root/pyproject.toml" --rootdir="$root" --quiet --reports="$reports" "$@" \
    "$root/conformance/requirements" > "$work/output" 2>&1) || code=$?
  if [ "$code" -gt 1 ]; then
    cat "$work/output" >&2
    return "$code"
  fi
  sed -n "/^=* conformance =*$/,\$p" "$work/output"
  echo "exit code $code"
}
