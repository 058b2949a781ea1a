#!/usr/bin/env bash
# clang-tidy over every .cpp of src/ and tests/ that native-debug compiles (other sources have no flags to go by).
#   lint.sh BUILD_DIR STAMP_DIR
# A file is skipped when nothing it depends on has changed since it was last clean: itself, our headers it reaches
# through its includes, .clang-tidy, the tool and the flags.
set -euo pipefail
build=$1 stamps=$2
mkdir -p "$stamps"

common=$({
  clang-tidy --version
  find . -name .clang-tidy -not -path './build/*' -not -path '*/node_modules/*' -exec sha256sum {} + | sort
} | sha256sum)

# How each file is compiled; the name of its object file does not matter.
declare -A flags
while IFS=$'\t' read -r file command; do
  flags[${file#"$PWD"/}]=${command//"$PWD"/.}
done < <(awk -F'"' '$2 == "command" { command = $0; sub(/ -o .*/, "", command) } $2 == "file" { print $4 "\t" command }' \
  "$build/compile_commands.json")

mapfile -t files < <(find src tests -path '*/node_modules' -prune -o \( -name '*.cpp' -o -name '*.h' \) -print | LC_ALL=C sort)

# One line for each .cpp: its name, then name=sum of everything of ours it reaches.
depends() {
  {
    sha256sum "${files[@]}" | sed 's/^/sum /'
    grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' "${files[@]}" | sed 's/:[^"]*"/ /; s/"$//; s/^/inc /'
  } | awk '
    $1 == "sum" { sum[$3] = $2; names[++count] = $3 }
    $1 == "inc" { includes[$2] = includes[$2] " " $3 }
    function reach(file,    list, n, i, target) {
      if (file in seen) return
      seen[file] = 1
      found = found " " file "=" sum[file]
      n = split(includes[file], list, " ")
      for (i = 1; i <= n; i++) {
        target = ("src/" list[i]) in sum ? "src/" list[i] : "tests/" list[i]
        if (target in sum) reach(target)
      }
    }
    END {
      for (i = 1; i <= count; i++)
        if (names[i] ~ /\.cpp$/) { split("", seen); found = ""; reach(names[i]); print names[i] found }
    }'
}

# A clean file leaves a stamp named by all of this, wherever the tree lies: another clone need not look at it again.
find "$stamps" -type f -mtime +30 -delete
todo=()
while read -r file reached; do
  [[ -n ${flags[$file]:-} ]] || continue
  stamp=$stamps/$(printf '%s' "$file $common ${flags[$file]} $reached" | sha256sum | cut -d' ' -f1)
  [[ -f $stamp ]] || todo+=("$file" "$stamp")
done < <(depends)
((${#todo[@]} > 0)) || exit 0

# lint_one BUILD_DIR FILE STAMP
lint_one() {
  # On stderr it only counts the warnings it suppressed.
  clang-tidy --quiet -p "$1" "$2" 2> >(grep -vE '^[0-9]+ (warning|error)s? .*(generated|treated)' >&2) || return 1
  : >"$3"
}
export -f lint_one
printf '%s\0' "${todo[@]}" | xargs -0 -P "$(nproc)" -n 2 bash -c 'lint_one "$@"' _ "$build"
