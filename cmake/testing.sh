# shellcheck shell=bash disable=SC2154,SC2034
# The stages of ./dev test and how their results are counted. Sourced by ./dev.

# A stage adds to passed, failed and skipped; one that returns non-zero without a count has failed as a whole.
stage() {
  local label=$1 passed=0 failed=0 skipped=0 start status=0 line
  shift
  start=$(now_ms)
  printf '\n── %s\n' "$label"
  "$@" || status=$?
  ((status == 0 || failed > 0)) || failed=1
  printf -v line '%-38s %6d passed %4d failed %4d skipped   %s' \
    "$label" "$passed" "$failed" "$skipped" "$(seconds $(($(now_ms) - start)))"
  printf '── %s\n' "$line"
  summary+=("$line")
  all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
}

# gtest COMMAND…: shows what it prints and reads the counts off it. A crash leaves no closing lines: that is a failure.
gtest() {
  local log=build/test.log status=0 ran good left
  "$@" --gtest_color=no --gtest_brief=1 --gtest_filter="$filter" 2>&1 | tee "$log" || status=$?
  ran=$(sed -n 's/^\[==========\] \([0-9]*\) tests\{0,1\} from .* ran\..*/\1/p' "$log" | tail -n1)
  good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) tests\{0,1\}\..*/\1/p' "$log" | tail -n1)
  left=$(sed -n 's/^\[  SKIPPED \] \([0-9]*\) tests\{0,1\}\..*/\1/p' "$log" | tail -n1)
  passed=$((passed + ${good:-0})) skipped=$((skipped + ${left:-0}))
  [[ -z $ran ]] || failed=$((failed + ran - ${good:-0} - ${left:-0}))
  [[ -n $ran ]] || printf 'dev: it did not run to its end\n'
  [[ -n $ran ]] && return "$status"
}

test_native_debug() {
  build native-debug || return 1
  local program status=0
  for program in core_tests view_tests; do gtest "build/native-debug/$program" || status=1; done
  return "$status"
}

test_authority_store() { build native-debug && gtest build/native-debug/authority_tests; }

test_native_release() {
  build native-release || return 1
  [[ ! -e build/native/limits_tests ]] || gtest build/native/limits_tests
}

test_wasm() { build wasm-release && gtest node build/wasm/core_tests.js; }

# A partner's backend imports what the web build makes.
test_authority() { build_web && node_tests tests/authority; }

# What `cmake --install` lays out, in a stranger's program.
test_backend() { build native-release && node_tests tests/backend; }

# The app around a licence page: elicense-host in a real webview, the bridge in Chromium, the sources of the others.
test_hosts() { build native-release && build_web && browser_files tests/hosts/*.test.mjs; }

# Firefox and WebKit want a display.
on_display() { xvfb-run -a -s '-screen 0 1280x800x24' "$@"; }

test_browser() { build_web && browser_files tests/browser/*.test.mjs; }

# browser_files FILE…: two at a time, then once more and alone those that failed, which is said: browsers under a virtual display,
# without a graphics card, stumble now and then.
browser_files() {
  local file stumbled=()
  rm -rf build/browser # what an earlier run counted
  mkdir -p build/browser
  for file in "$@"; do
    while (($(jobs -rp | wc -l) >= 2)); do wait -n || true; done
    browser_file "$file" >"build/browser/${file##*/}.said" 2>&1 &
  done
  wait
  for file in "$@"; do
    count_browser_file "$file" && continue
    grep -E '✖|Error' "build/browser/${file##*/}.said" | head -n 12
    stumbled+=("$file")
  done
  failed=0
  for file in ${stumbled[@]+"${stumbled[@]}"}; do
    printf 'dev: %s failed, once more\n' "$file"
    rm -f "build/browser/${file##*/}.counts"
    browser_file "$file"
    count_browser_file "$file" || failed=$((failed + last_failed))
  done
  ((failed == 0 && passed > 0))
}

# Leaves its three counts in build/browser/NAME.counts.
browser_file() {
  local name=${1##*/} passed=0 failed=0 skipped=0
  log=build/browser/$name.log node_tests "$1" on_display || failed=$((failed > 0 ? failed : 1))
  printf '%d %d %d\n' "$passed" "$failed" "$skipped" >"build/browser/$name.counts"
}

# Adds a file's counts when it is good; one that left none, or in which nothing ran, is not.
count_browser_file() {
  local counts=(0 1 0)
  read -r -a counts 2>/dev/null <"build/browser/${1##*/}.counts" || counts=(0 1 0)
  ((counts[0] + counts[2] > 0)) || counts[1]=1
  last_failed=${counts[1]}
  ((last_failed == 0)) || return 1
  passed=$((passed + counts[0])) skipped=$((skipped + counts[2]))
}

# Every attack that tests/attacks knows, in Chromium.
test_attacks() {
  [[ " $ELICENSE_BROWSERS " == *" chromium "* ]] || {
    skipped=1
    return
  }
  build_web && attacks tests/attacks/*.test.mjs
}

# attacks FILE…: as browser_files, and then the table. What was accepted once is not forgiven because it was refused the second time.
attacks() {
  local -x ELICENSE_ATTACK_REPORT=$PWD/build/attacks.jsonl
  local status=0
  rm -f "$ELICENSE_ATTACK_REPORT"
  browser_files "$@" || status=1
  node tests/attacks/support/table.mjs "$ELICENSE_ATTACK_REPORT" || status=1
  return "$status"
}

# The npm package in other people's projects, opened in Chromium.
test_package() {
  [[ " $ELICENSE_BROWSERS " == *" chromium "* ]] || {
    skipped=1
    return
  }
  cmd_package && install_npm_packages tests/package && node_tests tests/package on_display
}

# node_tests FOLDER|FILE [PREFIX], log=FILE: its *.test.mjs against the built programs; prints what failed and the counts.
node_tests() {
  local log=${log:-build/test.log} status=0 files=("$1")
  [[ ! -d $1 ]] || files=("$1"/*.test.mjs)
  ELICENSE_CLI=$PWD/build/native/elicense ELICENSE_AUTHORITY=$PWD/build/native/elicense-authority NO_COLOR=1 \
    ${2:-} node --test --test-reporter=spec "${files[@]}" >"$log" 2>&1 || status=$?
  if ((status == 0)); then sed -n '/^[^ ]* tests /,$p' "$log"; else cat "$log"; fi
  count() { sed -n "s/^[^ ]* $1 \([0-9]*\)\$/\1/p" "$log" | tail -n1; }
  passed=$(count pass) failed=$(($(count fail) + $(count cancelled))) skipped=$(($(count skipped) + $(count todo)))
  return "$status"
}

cmd_test() {
  local filter=${1:-*} all_passed=0 all_failed=0 all_skipped=0 summary=() line
  # Everything that has to be fetched, before the first stage is timed.
  require "${native_needs[@]}" "${authority_needs[@]}" postgresql "${wasm_needs[@]}" "${view_needs[@]}" \
    clang-format clang-tidy
  require_browsers
  require_webview
  third_party "${libraries[@]}"
  built_drogon
  install_npm_packages tests tests/package tests/hosts web || exit 2
  mkdir -p build
  stage "check" run_checks
  stage "core and view, native debug (ASan)" test_native_debug
  stage "authority store, native debug" test_authority_store
  stage "native release, limits" test_native_release
  stage "core, wasm release (Node)" test_wasm
  stage "command line" node_tests tests/cli
  stage "authority" test_authority
  stage "other people's libraries (npm)" node_tests tests/interop
  stage "C++ package" test_backend
  stage "package" test_package
  stage "attacks" test_attacks
  stage "webview host" test_hosts
  stage "browsers (${ELICENSE_BROWSERS// /, })" test_browser
  printf '\n'
  printf '%s\n' "${summary[@]}"
  printf '%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
  ((all_failed == 0))
}
