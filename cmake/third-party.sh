# shellcheck shell=bash disable=SC2154
# Brings the sources named in third-party.pins into the cache outside the clone. Sourced by ./dev.
#
#   $cache/sources/<name>-<version>-<first 12 of its SHA-256>/    unpacked, complete: it appears by one rename
#   $cache/built/drogon-…                                         drogon and trantor installed, see build_drogon; one rename too
#   $cache/downloads/                                             a tarball laid here by hand is used if its sum is right
#
# A pinned version that its suite no longer has is a symbolic link to the version that stands in for it.

pins=cmake/third-party.pins
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# pin NAME: sets package, suite, version, minimum, file, sha256 and source of that line in the caller.
pin() {
  local line
  line=$(grep -E "^$1 " "$pins") || stop 1 "$pins has no line for $1"
  read -r _ package suite version minimum file sha256 <<<"$line"
  source=$cache/sources/$1-$version-${sha256:0:12}
}

# The mirror this machine already uses for Debian itself.
debian_mirror() {
  if [[ -n ${ELICENSE_DEBIAN_MIRROR:-} ]]; then
    printf '%s' "$ELICENSE_DEBIAN_MIRROR"
    return
  fi
  local codename
  codename=$(. /etc/os-release && [[ ${ID:-} == debian ]] && printf '%s' "${VERSION_CODENAME:-}")
  # Before the first apt-get update nobody knows an entry's origin: then Debian's own release name has to do.
  apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 2>/dev/null |
    awk -v codename="$codename" '
      $3 == "main" && $2 !~ /-/ && ($4 == "Debian" || (codename != "" && $2 == codename)) { print $1; exit }'
}

# third_party NAME…: returns with all their sources in the cache.
third_party() {
  local name missing=() package suite version minimum file sha256 source
  for name in "$@"; do
    pin "$name"
    [[ -d $source ]] || missing+=("$name")
  done
  if ((${#missing[@]} > 0)); then
    require flock
    mkdir -p "$cache/sources"
    # Two clones may be at it at once; the second finds the work done.
    (
      flock 9
      fetch_missing "${missing[@]}"
    ) 9>"$cache/lock" || exit $?
  fi
  for name in "$@"; do
    pin "$name"
    [[ ! -L $source ]] || printf 'dev: NOT THE PINNED VERSION: %s stands in for %s %s, which %s no longer has; bring %s up to date\n' \
      "$(readlink "$source")" "$name" "$version" "$suite" "$pins" >&2
  done
}

fetch_missing() {
  # Not local: the trap runs when the subshell ends.
  work=$(mktemp -d "$cache/sources/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  local name apt=()
  for name in "$@"; do
    pin "$name"
    [[ -d $source ]] && continue
    if [[ -f $cache/downloads/$file ]]; then
      take "$name" "$cache/downloads/$file" pinned
      continue
    fi
    if ((${#apt[@]} == 0)); then prepare_apt "$@"; fi
    fetch_one "$name"
  done
}

# An apt of our own: its list of sources, state and cache are in the work folder; the system's are only read.
prepare_apt() {
  command -v apt-get >/dev/null || stop 2 "the sources of $* are not in $cache, and there is no apt here to fetch them with" \
    "lay the tarballs named in $pins into $cache/downloads"
  local mirror
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || stop 2 "the sources of $* come from Debian, and apt on this machine is not set up for Debian" \
    "name a Debian mirror: ELICENSE_DEBIAN_MIRROR=http://…/debian ./dev …"
  require debian-archive-keyring
  local name package suite version minimum file sha256 source
  mkdir -p "$work"/apt/{lists/partial,cache/archives/partial}
  : >"$work/apt/status"
  for name in "$@"; do
    pin "$name"
    printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite"
  done | sort -u >"$work/apt/sources.list"
  apt=(apt-get -qq
    -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=-
    -o Dir::State="$work/apt" -o Dir::State::Lists="$work/apt/lists" -o Dir::State::status="$work/apt/status"
    -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none)
  step "reading Debian's list of sources" "${apt[@]}" update || stop 2 "Debian's list of sources could not be read from $mirror"
}

fetch_one() {
  local name=$1 offered how=pinned
  # 'URI' file size SHA256:…
  offered=$("${apt[@]}" source --print-uris --tar-only "$package/$suite" 2>/dev/null | awk '/^\047/ { print $2; exit }')
  [[ -n $offered ]] || stop 1 "$suite has no source package $package (pinned: $name $version)"
  if [[ $offered != "$file" ]]; then
    local other=${offered#*_}
    other=${other%.orig.tar.*}
    dpkg --compare-versions "$other" ge "$minimum" ||
      stop 1 "$suite has $package $other; $version is pinned and $minimum the least that will do ($pins)"
    version=$other
    how=substitute
  fi
  mkdir -p "$work/download"
  step "downloading $name $version" env -C "$work/download" "${apt[@]}" source --download-only --tar-only "$package/$suite" ||
    stop 2 "$name $version could not be downloaded"
  take "$name" "$work/download/$offered" "$how"
}

# take NAME TARBALL pinned|substitute: compares the sum, unpacks, and puts it in place in one rename.
take() {
  local name=$1 tarball=$2 how=$3 found target=$source
  found=$(sha256sum <"$tarball")
  found=${found%% *}
  if [[ $how == pinned && $found != "$sha256" ]]; then
    rm -f "$tarball"
    stop 1 "wrong checksum: $file ($name $version)" "  expected $sha256" "  found    $found" "the file was deleted"
  fi
  case $tarball in
    *.gz) require gzip ;;
    *.bz2) require bzip2 ;;
    *.xz) require xz ;;
  esac
  [[ $how == pinned ]] || target=$cache/sources/$name-$version-${found:0:12}
  mkdir "$work/$name"
  tar -xf "$tarball" -C "$work/$name" --strip-components=1 --no-same-owner || stop 1 "$tarball could not be unpacked"
  [[ -d $target ]] || mv -T "$work/$name" "$target"
  [[ $how == pinned ]] || ln -sfnT "${target##*/}" "$source"
}

# --- drogon -----------------------------------------------------------------------------------------------------------

# The folder it is installed to. cmake/Drogon.cmake makes the same name: both pins, the compiler, and the number of the
# recipe below, which goes up with every change of it.
drogon_folder() {
  local package suite version minimum file sha256 source name
  pin trantor
  name=${sha256:0:12}
  pin drogon
  printf '%s' "$cache/built/drogon-$version-${sha256:0:12}-$name-clang-$(clang++ -dumpversion)-r1"
}

# built_drogon: returns with drogon installed in the cache.
built_drogon() {
  local folder
  folder=$(drogon_folder)
  [[ -d $folder ]] && return
  third_party drogon trantor
  require flock
  mkdir -p "$cache/built"
  (
    flock 9
    [[ ! -d $folder ]] || exit 0
    work=$(mktemp -d "$cache/built/.build.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    step "building drogon (once on this machine, about 3 minutes)" compile_drogon "$work" || exit 1
    mv -T "$work/installed" "$folder"
  ) 9>"$cache/lock" || exit $?
}

# Without its ORM, which we do not use, and what only that would need. Its tarball has an empty folder for trantor.
compile_drogon() {
  local work=$1 package suite version minimum file sha256 source
  pin drogon
  cp -RL "$source" "$work/source"
  rm -rf "$work/source/trantor"
  pin trantor
  cp -RL "$source" "$work/source/trantor"
  cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$work/installed" \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_CXX_STANDARD=17 \
    -DCMAKE_CXX_FLAGS="-ffunction-sections -fdata-sections" -DBUILD_SHARED_LIBS=OFF -DBUILD_ORM=OFF -DBUILD_CTL=OFF \
    -DBUILD_EXAMPLES=OFF -DBUILD_REDIS=OFF -DBUILD_YAML_CONFIG=OFF -DBUILD_DOC=OFF -DBUILD_TESTING=OFF \
    -DBUILD_C-ARES=OFF -DUSE_SPDLOG=OFF || return 1
  cmake --build "$work/build" --target install
}
