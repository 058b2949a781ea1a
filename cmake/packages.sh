# shellcheck shell=bash disable=SC2154
# What has to be on the machine: looked for by command or file, so that a Node or an emsdk from elsewhere counts, and
# installed from Debian's or Ubuntu's packages when it is not there. Sourced by ./dev.

declare -A debian_package=(
  [cmake]=cmake [ninja]=ninja-build [clang++]=clang [compiler-rt]=libclang-rt-dev [clang-format]=clang-format
  [clang-tidy]=clang-tidy [googletest]=googletest [em++]=emscripten [node]=nodejs [npm]=npm [gzip]=gzip [bzip2]=bzip2
  [xz]=xz-utils [flock]=util-linux [debian-archive-keyring]=debian-archive-keyring
  [sqlite3]=libsqlite3-dev [jsoncpp]=libjsoncpp-dev [uuid]=uuid-dev [zlib]=zlib1g-dev [openssl]=libssl-dev
  [brotli]=libbrotli-dev [libpq]=libpq-dev [postgresql]=postgresql [hb-subset]=libharfbuzz-bin [noto-cjk]=fonts-noto-cjk
  [webkitgtk]=libwebkit2gtk-4.1-dev
  [chromium]=chromium [firefox]=firefox-esr [webkit]=webkit2gtk-driver [xvfb-run]=xvfb [xauth]=xauth [zbarimg]=zbar-tools
)
# Where the fonts of noto-cjk may lie (cmake/Fonts.cmake looks there, too).
noto_folders=(/usr/share/fonts/{opentype/noto,noto-cjk,google-noto-cjk,google-noto-sans-cjk-fonts})
# Some of the tests' npm packages want Node 20. Where the release has an older one, this one is fetched, for us alone.
least_node=20
node_version=20.20.2
declare -A node_sha256=(
  [x64]=6295488653f0d93b0a157841746fef7e72cc4328cfb60c4bbe0ca2668a836ffd
  [arm64]=05a69ccdcb795f2a8b86c145e71a6a37cce84fccef5aaf25a8fe38bc9423e732
)

is_present() {
  case $1 in
    googletest) [[ -e /usr/src/googletest/googletest/src/gtest-all.cc || -e /usr/src/gtest/src/gtest-all.cc ]] ;;
    compiler-rt) [[ -e $(clang --rtlib=compiler-rt -print-libgcc-file-name 2>/dev/null) ]] ;;
    debian-archive-keyring) [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] ;;
    sqlite3) [[ -e /usr/include/sqlite3.h ]] ;;
    jsoncpp) [[ -e /usr/include/jsoncpp/json/json.h ]] ;;
    uuid) [[ -e /usr/include/uuid/uuid.h ]] ;;
    zlib) [[ -e /usr/include/zlib.h ]] ;;
    openssl) [[ -e /usr/include/openssl/ssl.h ]] ;;
    brotli) [[ -e /usr/include/brotli/encode.h ]] ;;
    libpq) [[ -e /usr/include/postgresql/libpq-fe.h ]] ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;  # not on PATH; the tests look there, too
    noto-cjk) has_noto ;;
    webkitgtk) compgen -G '/usr/lib/*/pkgconfig/webkit2gtk-4.1.pc' >/dev/null ;;
    chromium) is_own_program chromium ;;
    firefox) is_own_program firefox-esr ;;
    webkit) is_own_program WebKitWebDriver && compgen -G '/usr/lib/*/webkit2gtk-4.*/MiniBrowser' >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

has_noto() {
  local folder
  for folder in "${noto_folders[@]}"; do [[ ! -e $folder/NotoSansCJK-Bold.ttc ]] || return 0; done
  return 1
}

# A program of that name that is not a snap: those see neither our folders nor our ports, and no test can drive them.
is_own_program() {
  local path
  path=$(command -v "$1") && [[ $(readlink -f "$path") != */snap ]]
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

# The package makes a server of its own and starts it, where it is not told otherwise. The tests start theirs.
install_need() {
  local settings=/etc/postgresql-common/createcluster.d status=0
  if [[ $1 == postgresql ]]; then
    as_root sh -c "mkdir -p $settings && echo 'create_main_cluster = false' >$settings/elicense.conf" || return 1
  fi
  apt_install "${debian_package[$1]}" || status=$?
  if [[ $1 == postgresql ]]; then as_root rm -f "$settings/elicense.conf"; fi
  return "$status"
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
      is_present "$need" || step "installing ${debian_package[$need]}" install_need "$need" || exit 2
    done
    mapfile -t missing < <(list_missing "$@")
    ((${#missing[@]} == 0)) || stop 2 "still missing after the installation: ${missing[*]}"
  fi
  [[ " $* " != *" node "* ]] || use_new_enough_node
}

# What the browser tests are run with. An engine that the release does not have (Ubuntu: Chromium and Firefox are snaps) is
# left out and said to be; ELICENSE_BROWSERS tells the tests which are there.
require_browsers() {
  local engine package engines=()
  require xvfb-run xauth zbarimg
  for engine in chromium firefox webkit; do
    package=${debian_package[$engine]}
    if ! is_present "$engine" && command -v apt-cache >/dev/null; then
      if apt_has "$package"; then require "$engine"; fi
    fi
    if is_present "$engine"; then
      engines+=("$engine")
    else
      printf 'dev: NOT TESTED IN %s: it is not on this machine, and its release has no package %s\n' \
        "${engine^^}" "$package" >&2
    fi
  done
  ((${#engines[@]} > 0)) || stop 2 "none of the browsers is there that the tests need"
  export ELICENSE_BROWSERS="${engines[*]}"
}

# Whether apt could install it; the lists may not have been read yet.
apt_has() {
  apt-cache show "$1" >/dev/null 2>&1 && return
  as_root apt-get -qq -o DPkg::Lock::Timeout=600 update >/dev/null 2>&1 || true
  apt-cache show "$1" >/dev/null 2>&1
}

# The app of examples/hosts/webkitgtk is built where there is WebKitGTK 4.1. What was configured without it is configured anew.
require_webview() {
  is_present webkitgtk && return
  if command -v apt-cache >/dev/null && apt_has "${debian_package[webkitgtk]}"; then
    require webkitgtk
    rm -f build/native/setup
  else
    printf 'dev: NOT TESTED IN AN APP: its release has no package %s\n' "${debian_package[webkitgtk]}" >&2
  fi
}

node_major() {
  local version
  version=$(node --version)
  version=${version#v}
  printf '%s\n' "${version%%.*}"
}

# Leaves a Node on PATH that is new enough.
use_new_enough_node() {
  local machine folder binary sum
  (($(node_major) < least_node)) || return 0
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) stop 2 "Node $(node --version) is on PATH; $least_node or later is needed" ;;
  esac
  folder=$cache/node-$node_version
  binary=$folder/node_modules/node-linux-$machine/bin/node
  if [[ ! -x $binary ]]; then
    require npm
    step "fetching Node $node_version" npm install --prefix "$folder" --cache "$cache/npm" --no-save --no-audit --no-fund \
      --loglevel=error "node-linux-$machine@$node_version" || exit 2
    sum=$(sha256sum <"$binary")
    [[ ${sum%% *} == "${node_sha256[$machine]}" ]] || {
      rm -rf "$folder"
      stop 1 "the Node fetched is not the one pinned" "expected ${node_sha256[$machine]}" "found    ${sum%% *}"
    }
  fi
  PATH=$(dirname "$binary"):$PATH
}

# install_npm_packages FOLDER…: the npm packages that FOLDER/package-lock.json says; anew only when that file has changed.
install_npm_packages() {
  local folder stamp sum
  for folder in "$@"; do
    require node npm
    stamp=$folder/node_modules/.elicense-lock
    sum=$(sha256sum <"$folder/package-lock.json")
    [[ -f $stamp && $(<"$stamp") == "$sum" ]] && continue
    step "installing the npm packages of $folder/" \
      npm ci --prefix "$folder" --cache "$cache/npm" --no-audit --no-fund --loglevel=error || return 1
    printf '%s\n' "$sum" >"$stamp"
  done
}
