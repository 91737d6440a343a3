#!/usr/bin/env bash
# Builds and runs the benchmarks, and rewrites benchmarks/results/*.md.
# usage: benchmarks/run.sh [--fast] [updates | picks | loopback | cold-client]...
# Without a name it runs all. --fast: fewer sizes, shorter runs.
set -euo pipefail
cd "$(dirname "$0")/.."

fast=()
pages=()
for argument in "$@"; do
  case "$argument" in
    --fast) fast=(--fast) ;;
    updates | picks | loopback | cold-client) pages+=("$argument") ;;
    *)
      sed -n '2,4s/^# //p' "$0" >&2
      exit 2
      ;;
  esac
done
((${#pages[@]})) || pages=(updates picks loopback cold-client)

# Without it, grpc-java's ring_hash works under xDS only.
export GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY=true
mvn -B -q -DskipTests -pl benchmarks -am package
run() {
  java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' "$@" benchmarks/results "${fast[@]}" "${variant[@]}" "$page"
}
variant=()
for page in "${pages[@]}"; do
  echo "== $page"
  case "$page" in
    updates) run -Xms2g -Xmx6g -XX:+UseSerialGC io.evenkeel.benchmarks.Benchmarks ;;
    picks) run io.evenkeel.benchmarks.Benchmarks ;;
    loopback) run -Xms1g -Xmx1g -XX:+UseParallelGC io.evenkeel.benchmarks.loopback.Loopback ;;
    cold-client)
      run io.evenkeel.benchmarks.loopback.ColdClient
      variant=(--tls)
      run io.evenkeel.benchmarks.loopback.ColdClient
      variant=()
      ;;
  esac
done
