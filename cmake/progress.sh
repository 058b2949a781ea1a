# shellcheck shell=bash disable=SC2154
# Lines of progress, and stopping with a reason. Sourced by ./dev.

# Stops: 1 something is wrong with the tree or the build, 2 something is missing or was asked for wrongly.
stop() {
  local code=$1
  shift
  printf 'dev: %s\n' "$@" >&2
  exit "$code"
}

now_ms() { local now=${EPOCHREALTIME/[.,]/}; printf '%s' "${now%???}"; }

# Milliseconds as "13 s" or "0.4 s".
seconds() {
  if (($1 >= 10000)); then printf '%d s' $((($1 + 500) / 1000)); else printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); fi
}

# step LABEL COMMAND…: quiet, with one line "· LABEL … 13 s" if it takes more than a second; its output only if it fails.
step() {
  local label=$1 log start status=0 shown=no
  shift
  log=$(mktemp)
  start=$(now_ms)
  "$@" >"$log" 2>&1 </dev/null &
  local job=$!
  while kill -0 "$job" 2>/dev/null; do
    if [[ $shown == no ]] && (($(now_ms) - start > 1000)); then
      printf '· %s …' "$label"
      shown=yes
    fi
    sleep 0.05
  done
  wait "$job" || status=$?
  [[ $shown == no ]] || printf ' %s\n' "$(seconds $(($(now_ms) - start)))"
  if ((status != 0)); then
    printf '· %s: failed\n' "$label"
    # What ninja did before does not matter then.
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating|Re-running)' "$log" || true
  fi
  rm -f "$log"
  return "$status"
}
