#!/usr/bin/env bash
# Builds and runs eigan's studies; installs what that needs and is missing.
set -euo pipefail
source_directory=$(cd "$(dirname "$0")/../.." && pwd)
. "$source_directory/.ci/dependencies.sh"

usage() {
  cat <<'TEXT'
usage: benchmarks/studies/run.sh STUDY [options]

  mixtures   recipes on the ring of 8 and the grid of 25 Gaussians (GDPP's protocol, 25,000 steps): a table of the
             modes they hold, and a plot of each run; several hours
  mnist      every recipe on MNIST for the same time: a grid of samples of each, judged by a classifier; two hours
  conditions digits that are asked for: projection, AC-GAN, TAC-GAN, multi-class hinge and InfoGAN on MNIST, judged by a
             classifier; half an hour
  small-data a thousand digits with and without the adaptive augmentation: what the discriminator makes of those it
             trains on and of others, and pictures; half an hour
  cifar10    dcgan, wgan_gp, sngan, r3gan and conditional r3gan on CIFAR-10, on dcgan's networks, for the same time: a
             grid of samples of each; two and a half hours
  loader     steps that load CIFAR-10's batches, and whole runs of the example, against steps on a batch that is there;
             twenty minutes
  resume     every recipe on MNIST's networks for 200 steps: the same checkpoint at 1 and 2 threads, and where a run is
             killed at step 101 and goes on; a quarter of an hour

What is there already is not run again, and a run that was stopped goes on.

  --only REGEX     runs of matching names alone, such as '^ring-r3gan-even-' or '^wgan'
  --jobs N         of mixtures: runs at a time, each on one thread (default: the processors there are)
  --minutes N      of mnist and cifar10: for each run (default: 10, 30)
  --data DIR       MNIST's IDX files, or CIFAR-10's binary ones (default: what eigan draws itself)
  --out DIR        where results go (default: build/studies)
  --no-install     only name what is missing on this machine, do not install it
TEXT
}

study= only=. jobs=$(nproc) minutes= out=$source_directory/build/studies
data=()
while [ $# -gt 0 ]; do
  case $1 in
    mixtures | mnist | conditions | small-data | cifar10 | loader | resume) study=$1 ;;
    --only) only=${2:?--only needs a value}; shift ;;
    --jobs) jobs=${2:?--jobs needs a value}; shift ;;
    --minutes) minutes=${2:?--minutes needs a value}; shift ;;
    --data) data=(--data "${2:?--data needs a value}"); shift ;;
    --out) out=${2:?--out needs a value}; shift ;;
    --no-install) allow_install=no ;;
    --help | -h) usage; exit 0 ;;
    *) fail "studies/run.sh does not know '$1'; see --help" ;;
  esac
  shift
done
[ -n "$study" ] || { usage; exit 1; }

require "${library_dependencies[@]}" python benchmark cli11
build_directory=$source_directory/build/benchmarks
configure "$build_directory" -DEIGAN_BUILD_TESTS=OFF -DEIGAN_BUILD_EXAMPLES=ON -DEIGAN_BUILD_BENCHMARKS=ON
build "$build_directory" study_mixtures study_digits study_conditions study_small_data study_loader \
  mnist cifar10 classifying sample
mkdir -p "$out"
programs=$build_directory/examples
mnist=$programs/mnist

# The recipes that --only leaves.
recipes() { "$mnist" --recipe list | cut -d ' ' -f 1 | grep -E -- "$only" || true; }

# train_for_minutes MINUTES RUN PROGRAM [flags]: for as many steps as the time is enough for, as told by a run of at least
# ten seconds; their number is kept for when the run is gone on with.
train_for_minutes() {
  local minutes=$1 run=$2 probe=60 steps=0
  shift 2
  if [ ! -e "$run/steps" ]; then
    while [ "$steps" = 0 ]; do
      "$@" "${data[@]}" --steps "$probe" --out "$run/probe" >/dev/null
      steps=$(python3 -c 'import json, sys
summary = json.load(open(sys.argv[1]))
print(int(float(sys.argv[2]) * 60 * summary["steps"] / summary["seconds"]) if summary["seconds"] >= 10 else 0)' \
        "$run/probe/summary.json" "$minutes")
      probe=$((4 * probe))
    done
    echo "$steps" >"$run/steps"
  fi
  echo "$(basename "$run"): $(cat "$run/steps") steps"
  "$@" "${data[@]}" --steps "$(cat "$run/steps")" --resume --out "$run"
}

# One line for each run: data, recipe, rates, seed.
mixture_runs() {
  local data recipe seed
  for data in ring grid; do
    for seed in 0 1 2 3 4 5 6 7 8 9; do echo "$data r3gan even $seed"; done
    for recipe in gan wgan_gp pacgan unrolled; do
      for seed in 0 1 2 3 4; do
        echo "$data $recipe protocol $seed"
        echo "$data $recipe even $seed"
      done
    done
  done
}

case $study in
  mixtures)
    mixture_runs | while read -r set recipe rates seed; do
      name=$set-$recipe-$rates-$seed
      [[ ! $name =~ $only ]] || [ -e "$out/$name.json" ] || echo "$set $recipe $rates $seed"
    done | xargs -r -P "$jobs" -L 1 bash -c '
      "$0" --out "$1" --data "$2" --recipe "$3" --rates "$4" --seed "$5"' \
      "$build_directory/benchmarks/studies/study_mixtures" "$out"
    python3 "$source_directory/benchmarks/studies/table.py" "$out"
    ;;

  mnist)
    for recipe in $(recipes); do
      train_for_minutes "${minutes:-10}" "$out/mnist-$recipe" "$mnist" --recipe "$recipe" --every 500
      "$build_directory/benchmarks/studies/study_digits" "$out/mnist-$recipe/checkpoint.safetensors" "${data[@]}" \
        --out "$out" --name "mnist-$recipe"
    done
    ;;

  conditions)
    for method in projection acgan tacgan hinge infogan; do
      [[ $method =~ $only ]] || continue
      run=$out/conditions-$method
      steps=3000
      [ "$method" != infogan ] || steps=5000
      flags=("${data[@]}" --steps "$steps" --every 1000 --resume --out "$run")
      if [ "$method" = projection ]; then
        "$programs/mnist" --conditional "${flags[@]}"
      else
        "$programs/classifying" --method "$method" "${flags[@]}"
      fi
      for what in classes $([ "$method" != infogan ] || echo traversal); do
        "$programs/sample" "$run/checkpoint.safetensors" --what "$what" --columns 16 --out "$run/$what.png"
      done
      "$build_directory/benchmarks/studies/study_conditions" "$run/checkpoint.safetensors" "${data[@]}" \
        --out "$out" --name "conditions-$method"
    done
    ;;

  small-data)
    for augment in none ada; do
      [ -e "$out/small-data-$augment.csv" ] ||
        "$build_directory/benchmarks/studies/study_small_data" --augment "$augment" "${data[@]}" --out "$out"
    done
    ;;

  cifar10)
    for name in dcgan wgan_gp sngan r3gan r3gan-conditional; do
      [[ $name =~ $only ]] || continue
      # The same networks for all: those of wgan_gp's and sngan's papers take three and five times as long for a step.
      flags=(--recipe "${name%-conditional}" --model dcgan --flip --every 1000)
      [[ $name != *-conditional ]] || flags+=(--conditional)
      # Their papers' rates are for runs that are ten times as long and more.
      [[ $name != wgan_gp && $name != sngan ]] || flags+=(--rates 5)
      train_for_minutes "${minutes:-30}" "$out/cifar10-$name" "$programs/cifar10" "${flags[@]}"
    done
    ;;

  loader)
    "$build_directory/benchmarks/studies/study_loader" "${data[@]}" --out "$out"
    ;;

  resume)
    for recipe in $(recipes); do
      run=$out/resume-$recipe
      rm -rf "$run"
      flags=("${data[@]}" --recipe "$recipe" --steps 200 --every 101)
      "$mnist" "${flags[@]}" --threads 1 --out "$run/one" >/dev/null
      "$mnist" "${flags[@]}" --threads 2 --out "$run/two" >/dev/null
      # A run of 101 steps would be another one where rates fall over the run: this one is killed at its checkpoint.
      "$mnist" "${flags[@]}" --threads 2 --out "$run/resumed" >/dev/null &
      until [ -e "$run/resumed/checkpoint.safetensors" ] || ! kill -0 $!; do sleep 0.02; done
      kill -9 $!
      ! wait $! 2>/dev/null || fail "$recipe ended before it was killed"
      [ -e "$run/resumed/checkpoint.safetensors" ] || fail "$recipe stopped before its checkpoint"
      "$mnist" "${flags[@]}" --threads 1 --out "$run/resumed" --resume >/dev/null
      cmp "$run/one/checkpoint.safetensors" "$run/two/checkpoint.safetensors"
      cmp "$run/one/checkpoint.safetensors" "$run/resumed/checkpoint.safetensors"
      echo "$recipe: the same bits"
    done
    ;;
esac
