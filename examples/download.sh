#!/usr/bin/env bash
# Fetches the official files of a data set and keeps them only if every one of them has the SHA-256 sum given here.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: examples/download.sh NAME [DIRECTORY]

  NAME        mnist or fashion-mnist
  DIRECTORY   where the files go; data/NAME in eigan's own directory if not given

EIGAN_DOWNLOAD_BASE, if set, is the address of a directory that holds the same files: a mirror, or file:///some/where
TEXT
}

fail() {
  echo "download.sh: $*" >&2
  exit 1
}

case ${1:-} in
  '' | --help | -h) usage; exit 0 ;;
  mnist)
    # The authors' own site mostly refuses; these two mirrors hold the same bytes.
    bases=(https://ossci-datasets.s3.amazonaws.com/mnist https://storage.googleapis.com/cvdf-datasets/mnist)
    sums='
440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609  train-images-idx3-ubyte.gz
3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c  train-labels-idx1-ubyte.gz
8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6  t10k-images-idx3-ubyte.gz
f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6  t10k-labels-idx1-ubyte.gz'
    ;;
  fashion-mnist)
    bases=(http://fashion-mnist.s3-website.eu-central-1.amazonaws.com)
    sums='
3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84  train-images-idx3-ubyte.gz
a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845  train-labels-idx1-ubyte.gz
346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073  t10k-images-idx3-ubyte.gz
67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5  t10k-labels-idx1-ubyte.gz'
    ;;
  *) fail "no data set is called '$1'; there are: mnist fashion-mnist" ;;
esac
[ $# -le 2 ] || fail "expected NAME and at most one directory, got $# arguments"
name=$1
destination=${2:-$(cd "$(dirname "$0")/.." && pwd)/data/$name}
[ -z "${EIGAN_DOWNLOAD_BASE:-}" ] || bases=("${EIGAN_DOWNLOAD_BASE%/}")

if command -v curl >/dev/null 2>&1; then
  fetch() { curl --fail --silent --show-error --location --connect-timeout 20 --retry 2 --output "$2" "$1"; }
elif command -v wget >/dev/null 2>&1 && [[ ${bases[0]} != file:* ]]; then
  fetch() { wget --quiet --timeout=20 --tries=3 --output-document="$2" "$1"; }
else
  fail "needs curl or wget (a file:// address: curl)"
fi

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Beside the destination, so that the last move is a rename; gone again however this ends.
[ ! -e "$destination" ] || [ -d "$destination" ] || fail "$destination exists and is not a directory"
mkdir -p "$(dirname "$destination")" 2>/dev/null || fail "cannot make $(dirname "$destination")"
temporary=$(mktemp -d "$(dirname "$destination")/.download-$name.XXXXXX")
trap 'rm -rf "$temporary"' EXIT
trap 'exit 1' HUP INT TERM

while read -r sum file; do
  [ -n "$file" ] || continue
  if [ -f "$destination/$file" ] && [ "$(sha256 "$destination/$file")" = "$sum" ]; then
    echo "$file: there already"
    continue
  fi
  fetched=no
  for base in "${bases[@]}"; do
    fetch "$base/$file" "$temporary/$file" || continue
    fetched=yes
    break
  done
  [ "$fetched" = yes ] || fail "could not fetch $file from ${bases[*]}; nothing was kept"
  got=$(sha256 "$temporary/$file")
  [ "$got" = "$sum" ] || fail "$file: expected SHA-256 $sum, got $got from $base; nothing was kept"
  echo "$file: fetched, sum matches"
done <<<"$sums"

mkdir -p "$destination"
find "$temporary" -type f -exec mv {} "$destination/" \;
echo "$name is in $destination"
