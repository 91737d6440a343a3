#!/usr/bin/env bash
# Builds and runs every benchmark, and rewrites benchmarks/results/*.md. With --fast: fewer sizes, shorter runs.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -q -DskipTests -pl benchmarks -am package
exec java -Xms2g -Xmx6g -XX:+UseSerialGC -cp 'benchmarks/target/classes:benchmarks/target/lib/*' \
  io.evenkeel.benchmarks.Benchmarks benchmarks/results "$@"
