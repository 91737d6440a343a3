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

as_root=()
((EUID == 0)) || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive

# Debian 12 has no Consul, Debian 11 has. Its one binary needs nothing else, so only that is taken, from the mirror that this
# machine uses anyway and under the signature of Debian's archive; no suite is added to the machine's own sources.
install_consul() {
  local mirror work private status=0
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }')
  if [[ -z $mirror ]]; then
    echo "no mirror of Debian among the sources of apt: install Consul by hand" >&2
    return 1
  fi
  work=$(mktemp -d)
  private=(-q -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work" -o APT::Sandbox::User=root)
  # Joined, since errexit does not hold in what is followed by ||.
  {
    mkdir -p "$work/lists/partial" "$work/archives/partial" &&
      echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bullseye main" > "$work/sources.list" &&
      apt-get "${private[@]}" update &&
      (cd "$work" && apt-get "${private[@]}" download consul) &&
      dpkg-deb -x "$work"/consul_*.deb "$work/files" &&
      "${as_root[@]}" install -m 755 "$work/files/usr/bin/consul" /usr/local/bin/consul
  } || status=$?
  rm -rf "$work"
  return "$status"
}

# Another registry, likewise.
if ! command -v consul > /dev/null; then
  echo "installing consul"
  "${as_root[@]}" apt-get update -q
  install_consul
fi

if ((${#missing[@]} == 0)); then
  echo "nothing to install: $(javac -version), $(mvn -v -Dstyle.color=never | sed -n 1p)"
  exit 0
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
