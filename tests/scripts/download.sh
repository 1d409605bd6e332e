#!/usr/bin/env bash
# examples/download.sh keeps files whose sums match, and nothing at all otherwise.
# usage: download.sh SOURCE_DIRECTORY; exits 77 (skipped) without curl.
set -euo pipefail
command -v curl >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

# A copy of the script that expects the sums of four small files of our own.
mkdir -p "$work/examples" "$work/mirror"
names=(train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz)
cp "$1/examples/download.sh" "$work/examples/download.sh"
for name in "${names[@]}"; do
  echo "contents of $name" >"$work/mirror/$name"
  sum=$(sha256sum "$work/mirror/$name" | cut -d ' ' -f 1)
  sed -i -E "s/^[0-9a-f]{64}  $name/$sum  $name/" "$work/examples/download.sh"
done
export EIGAN_DOWNLOAD_BASE="file://$work/mirror"
download() { "$work/examples/download.sh" "$@" >"$work/out" 2>&1; }
nothing_left_in() { [ -z "$(find "$1" -mindepth 1 -print -quit)" ] || fail "left behind: $(find "$1" -mindepth 1)"; }

download mnist || fail "a good mirror: $(cat "$work/out")"
for name in "${names[@]}"; do
  cmp -s "$work/mirror/$name" "$work/data/mnist/$name" || fail "$name is not where it belongs"
done
[ "$(ls -A "$work/data")" = mnist ] || fail "temporary files were left: $(ls -A "$work/data")"

mkdir "$work/other"
(cd "$work/other" && download fashion-mnist my/own) || fail "a directory of one's own: $(cat "$work/out")"
[ -f "$work/other/my/own/${names[0]}" ] || fail "the relative directory was not taken from where the caller stands"

# What is there already is not fetched again; a second run with the mirror gone succeeds.
EIGAN_DOWNLOAD_BASE=file:///nowhere download mnist || fail "files that were there already: $(cat "$work/out")"

# The last file is wrong: none of the four is kept, and the message names it.
mkdir "$work/wrong"
echo tampered >>"$work/mirror/${names[3]}"
! download mnist "$work/wrong/mnist" || fail "a wrong sum was accepted"
grep -q "${names[3]}: expected SHA-256" "$work/out" || fail "the message does not name the file: $(cat "$work/out")"
nothing_left_in "$work/wrong"

# A file is missing: the same.
rm "$work/mirror/${names[2]}"
! download mnist "$work/wrong/mnist" || fail "a missing file was accepted"
nothing_left_in "$work/wrong"

# An older good copy survives a bad fetch, and a damaged one is not taken for good.
echo damaged >"$work/data/mnist/${names[3]}"
! download mnist || fail "a damaged file was taken for good"
[ "$(cat "$work/data/mnist/${names[0]}")" = "contents of ${names[0]}" ] || fail "a good file was lost"

! download imagenet || fail "an unknown name was accepted"
grep -q "no data set is called 'imagenet'" "$work/out" || fail "the message: $(cat "$work/out")"
echo "download.sh keeps what matches, and nothing else"
