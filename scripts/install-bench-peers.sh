#!/usr/bin/env bash
# Installs from Debian's packages the proxies that benchmarks/run.sh measures Evenkeel beside: nginx and haproxy. Does
# nothing where they are there. The benchmarks start them by themselves; nothing needs to run as a service.
set -euo pipefail
PATH=$PATH:/usr/sbin

missing=()
need() {
  command -v "$1" > /dev/null || missing+=("$2")
}

# The light flavour has grpc_pass.
need nginx nginx-light
need haproxy haproxy

if ((${#missing[@]} == 0)); then
  echo "nothing to install: $(nginx -v 2>&1), $(haproxy -v | sed -n 1p)"
  exit 0
fi
echo "installing ${missing[*]}"
as_root=()
((EUID == 0)) || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
