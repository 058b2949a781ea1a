#!/usr/bin/env bash
# Refuses an include of ours that goes against the layers, and an include of an outside library outside its home folder.
#   layering.sh [ROOT]      checks ROOT/src; prints file:line of what it refuses
#   layering.sh --self-test
set -euo pipefail

# folder: what it may include besides itself. Outside libraries: the path of the include, as a pattern, and its homes
# (a folder, or a file's path without its ending).
rules='
layer base
layer codec       base
layer crypto      base
layer token       base codec crypto
layer licence     base codec crypto token
layer session     base codec crypto token licence
layer client      base codec crypto token licence session
layer verifier    base codec crypto token licence session
layer view        base codec crypto token licence session client verifier
layer wasm        base codec crypto token licence session client verifier view
layer files       base codec crypto token
layer authority   base codec crypto token licence files
layer cli         base codec crypto token licence files
home  ^sodium([./]|$)                   crypto
home  ^nlohmann/                        codec
home  ^libdeflate\.h$                   codec
home  ^qrencode\.h$                     codec
home  ^emscripten([./]|$)               wasm crypto/random base/invariant
home  ^(drogon|trantor)/                authority
home  ^(sqlite3|libpq-fe|libpq/.*)(\.h|$)  authority
home  ^(imgui|imgui_.*|backends/imgui_.*)\.h$  view wasm
'

check() {
  find "$1/src" -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.c' -o -name '*.hpp' -o -name '*.inc' \) -print0 | sort -z |
    xargs -0r awk -v rules="$rules" -v root="$1/" '
      BEGIN {
        count = split(rules, lines, "\n")
        for (i = 1; i <= count; i++) {
          fields = split(lines[i], word, /[ \t]+/)
          if (word[1] == "layer") {
            known[word[2]] = 1
            may[word[2], word[2]] = 1
            for (j = 3; j <= fields; j++) may[word[2], word[j]] = 1
          } else if (word[1] == "home") {
            pattern[++patterns] = word[2]
            for (j = 3; j <= fields; j++) home[patterns, word[j]] = 1
          }
        }
      }
      function refuse(why) { printf "%s:%d: %s\n", path, FNR, why; refused = 1 }
      FNR == 1 {
        path = substr(FILENAME, length(root) + 1)
        inside = substr(path, length("src/") + 1)
        folder = inside; sub(/\/.*/, "", folder)
        stem = inside; sub(/\.[^.\/]*$/, "", stem)
        if (!(folder in known)) refuse("src/" folder " is in no layer (see the rules in layering.sh)")
      }
      /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
        target = $0
        sub(/^[^<"]*[<"]/, "", target); sub(/[>"].*/, "", target)
        if (target ~ /(^|\/)\.\.?(\/|$)/) refuse("include \"" target "\": write the path from src/")
        first = target; sub(/\/.*/, "", first)
        if (target ~ /\// && first in known && !((folder, first) in may))
          refuse(folder " must not include " target)
        for (i = 1; i <= patterns; i++)
          if (target ~ pattern[i] && !((i, folder) in home) && !((i, stem) in home))
            refuse(target " does not belong in src/" folder)
      }
      END { exit refused }'
}

# A small tree with every kind of mistake: each has to be refused, and nothing else.
self_test() {
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mkdir -p "$tree"/src/{base,codec,crypto,token,cli,stray}
  printf '#include "base/result.h"\n#include <nlohmann/json.hpp>\n#include <libdeflate.h>\n' >"$tree/src/codec/good.cpp"
  printf '#include <sodium/utils.h>\n#include <vector>\n' >"$tree/src/crypto/good.cpp"
  printf '#include <emscripten.h>\n' >"$tree/src/crypto/random.cpp"
  printf '#include "licence/licence.h"\n' >"$tree/src/cli/good.cpp"
  printf '#include "codec/cbor.h"\n' >"$tree/src/base/upward.h"
  printf '\n  #  include "crypto/ed25519.h"\n' >"$tree/src/codec/sideways.cpp"
  printf '#include <sodium.h>\n#include <qrencode.h>\n#include "nlohmann/json.hpp"\n' >"$tree/src/token/homeless.cpp"
  printf '#include <emscripten/emscripten.h>\n' >"$tree/src/crypto/ed25519.cpp"
  printf '#include "../base/result.h"\n' >"$tree/src/codec/relative.h"
  printf '#include <sqlite3.h>\n#include <imgui.h>\n#include <drogon/drogon.h>\n' >"$tree/src/cli/homeless.cpp"
  printf 'int x;\n' >"$tree/src/stray/file.cpp"
  local expected found
  expected='src/base/upward.h:1
src/cli/homeless.cpp:1
src/cli/homeless.cpp:2
src/cli/homeless.cpp:3
src/codec/relative.h:1
src/codec/sideways.cpp:2
src/crypto/ed25519.cpp:1
src/stray/file.cpp:1
src/token/homeless.cpp:1
src/token/homeless.cpp:2
src/token/homeless.cpp:3'
  found=$(check "$tree" | sed 's/^\([^:]*:[0-9]*\):.*/\1/' | LC_ALL=C sort) || true
  if [[ $found != "$expected" ]]; then
    printf 'layering.sh: the self-test failed; expected < and refused >\n'
    diff <(printf '%s\n' "$expected") <(printf '%s\n' "$found") || true
    return 1
  fi
}

if [[ ${1:-} == --self-test ]]; then self_test; else check "${1:-.}"; fi
