#!/usr/bin/env bash
# Builds this project against the Evenkeel of this source tree, as a user's build would resolve it; fails when it brings
# other jars than jars.txt lists; then runs each example. With --update: writes jars.txt anew instead of comparing.
set -euo pipefail
cd "$(dirname "$0")"

# By way of a repository in target/, and not of the machine's local one, where other builds would find it.
repository=$PWD/target/repository
rm -rf target
mvn -B -q -Dstyle.color=never -f ../pom.xml -pl bom,core -am deploy -Dmaven.test.skip=true -Dspotless.check.skip=true \
  -Djacoco.skip=true -Dmaven.install.skip=true -DaltDeploymentRepository="evenkeel-from-source::file://$repository"
mvn -B -q -Dstyle.color=never -Devenkeel.repository="file://$repository" process-classes

ls target/lib | LC_ALL=C sort > target/jars.txt
if [[ ${1:-} == --update ]]; then
  cp target/jars.txt jars.txt
elif ! diff -u jars.txt target/jars.txt; then
  echo "examples: a user of evenkeel-core gets other jars than before; if that is meant, run examples/run.sh --update" >&2
  exit 1
fi

for example in FirstCall PlainChannel OwnPolicy; do
  echo "== $example"
  java -cp 'target/classes:target/lib/*' "com.example.$example"
done
