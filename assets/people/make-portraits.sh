#!/usr/bin/env bash
# Makes the .webp beside each .svg: 352 × 512, the 22 mm × 32 mm of a licence photo at 16 pixels a millimetre.
# The build embeds the .webp as they are and needs none of this; run it after a drawing has changed.
# Needs rsvg-convert (Debian: librsvg2-bin) and cwebp (Debian: webp).
set -euo pipefail
cd "$(dirname "$0")"

for drawing in *.svg; do
  person=${drawing%.svg}
  rsvg-convert --width 352 --height 512 --format png "$drawing" |
    cwebp -quiet -q 82 -m 6 -sharp_yuv -metadata none -o "$person.webp" -- -
  # Kept small: the portrait travels in every licence.
  if (($(stat -c %s "$person.webp") > 16384)); then
    echo "make-portraits.sh: $person.webp is over 16 KiB" >&2
    exit 1
  fi
done
