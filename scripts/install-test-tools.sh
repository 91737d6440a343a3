#!/usr/bin/env bash
# Installs from Debian's packages what the build and the tests need and this machine lacks: JDK 17, Maven, and the
# commands and servers that drills on real processes start themselves, on loopback. Does nothing where all is there.
set -euo pipefail

missing=()
need() {
  command -v "$1" > /dev/null || missing+=("$2")
}

# The compiler, not only the runtime.
need javac openjdk-17-jdk-headless
need mvn maven
need curl curl
need ps procps
# A name server for the tests of discovery in DNS; started by them, on loopback.
PATH=$PATH:/usr/sbin need dnsmasq dnsmasq-base
# A registry, likewise.
need etcd etcd-server
need etcdctl etcd-client

if ((${#missing[@]} == 0)); then
  echo "nothing to install: $(javac -version), $(mvn -v -Dstyle.color=never | sed -n 1p)"
  exit 0
fi
echo "installing ${missing[*]}"
as_root=()
((EUID == 0)) || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
