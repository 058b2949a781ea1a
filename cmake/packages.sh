# shellcheck shell=bash disable=SC2154
# What has to be on the machine: looked for by command or file, so that a Node or an emsdk from elsewhere counts, and
# installed from Debian's or Ubuntu's packages when it is not there. Sourced by ./dev.

declare -A debian_package=(
  [cmake]=cmake [ninja]=ninja-build [clang++]=clang [compiler-rt]=libclang-rt-dev [clang-format]=clang-format
  [clang-tidy]=clang-tidy [googletest]=googletest [em++]=emscripten [node]=nodejs [npm]=npm [gzip]=gzip [bzip2]=bzip2
  [xz]=xz-utils [flock]=util-linux [debian-archive-keyring]=debian-archive-keyring
)
least_node=18

is_present() {
  case $1 in
    googletest) [[ -e /usr/src/googletest/googletest/src/gtest-all.cc || -e /usr/src/gtest/src/gtest-all.cc ]] ;;
    compiler-rt) [[ -e $(clang --rtlib=compiler-rt -print-libgcc-file-name 2>/dev/null) ]] ;;
    debian-archive-keyring) [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

list_missing() {
  local need
  for need in "$@"; do is_present "$need" || printf '%s\n' "$need"; done | awk '!seen[$0]++'
}

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 \
    install -y --no-install-recommends "$@"
}

# require NEED…: returns with all of them there, or stops with their names.
require() {
  local need missing packages=()
  mapfile -t missing < <(list_missing "$@")
  if ((${#missing[@]} > 0)); then
    for need in "${missing[@]}"; do packages+=("${debian_package[$need]}"); done
    command -v apt-get >/dev/null || stop 2 "missing on this machine: ${missing[*]}" \
      "there is no apt here to install them with (their names in Debian: ${packages[*]})"
    ((EUID == 0)) || sudo -n true 2>/dev/null || stop 2 "missing on this machine: ${missing[*]}" \
      "and no right to install; as root: apt-get install --no-install-recommends ${packages[*]}"
    step "updating the package lists" as_root apt-get -qq -o DPkg::Lock::Timeout=600 update || exit 2
    for need in "${missing[@]}"; do
      # Some releases bring one with another (compiler-rt with clang in Ubuntu 22.04).
      is_present "$need" || step "installing ${debian_package[$need]}" apt_install "${debian_package[$need]}" || exit 2
    done
    mapfile -t missing < <(list_missing "$@")
    ((${#missing[@]} == 0)) || stop 2 "still missing after the installation: ${missing[*]}"
  fi
  if [[ " $* " == *" node "* ]]; then
    local version
    version=$(node --version)
    version=${version#v}
    ((${version%%.*} >= least_node)) || stop 2 "Node $version is on PATH; $least_node or later is needed"
  fi
}

# npm packages the tests use, as tests/package-lock.json says; anew only when that file has changed.
install_npm_packages() {
  local lock=tests/package-lock.json stamp=tests/node_modules/.elicense-lock sum
  [[ -f $lock ]] || return 0
  require node npm
  sum=$(sha256sum <"$lock")
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return 0
  step "installing the npm packages of the tests" \
    npm ci --prefix tests --cache "$cache/npm" --no-audit --no-fund --loglevel=error || return 1
  printf '%s\n' "$sum" >"$stamp"
}
