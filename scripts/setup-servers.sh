#!/bin/sh
# Installs the real servers and tools that tests and benchmarks use where they are present: Prometheus, Alertmanager, PostgreSQL, OpenLDAP,
# wrk, strace; and Apache Kafka, whose jars Maven puts into the user's cache folder.
# Safe to run again. Starts nothing: the packages' own services are kept from starting, also where an init system runs.
set -eu

# Apache Kafka: the version here is the one that test/servers/kafka.ts starts. Needs no root; Java 17 or newer runs it.
KAFKA_VERSION=4.1.1
kafka_home="${XDG_CACHE_HOME:-$HOME/.cache}/signalbox/kafka-$KAFKA_VERSION"
if [ -d "$kafka_home" ]; then
  echo "setup-servers: Apache Kafka $KAFKA_VERSION is in $kafka_home"
elif ! command -v mvn >/dev/null 2>&1 || ! command -v java >/dev/null 2>&1; then
  echo "setup-servers: no Apache Kafka: it needs java (17 or newer) and mvn on the PATH. Install them and run this again" >&2
else
  work=$(mktemp -d)
  cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>signalbox.test</groupId>
  <artifactId>kafka-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$KAFKA_VERSION</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
  mkdir -p "$(dirname "$kafka_home")"
  # Into a folder beside it first: half a download must not look like a server.
  rm -rf "$kafka_home.new"
  if mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$kafka_home.new"; then
    mv "$kafka_home.new" "$kafka_home"
    echo "setup-servers: installed: Apache Kafka $KAFKA_VERSION in $kafka_home"
  else
    echo "setup-servers: no Apache Kafka: Maven could not fetch it (its reason stands above)" >&2
  fi
  rm -rf "$work"
fi

PACKAGES='prometheus prometheus-alertmanager postgresql slapd wrk strace'

# Debian keeps the programs of PostgreSQL off the PATH, one folder per major version, and slapd on root's PATH only; the tests look in both places.
is_installed() {
  case "$1" in
    postgresql) command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
    slapd) command -v slapd >/dev/null 2>&1 || [ -x /usr/sbin/slapd ] ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

missing=''
for package in $PACKAGES; do
  if ! is_installed "$package"; then missing="$missing $package"; fi
done
if [ -z "$missing" ]; then
  echo "setup-servers: everything is installed: $PACKAGES"
  exit 0
fi

if ! command -v apt-get >/dev/null 2>&1; then
  echo "setup-servers: this machine has no apt-get. Install these by its own means, on the PATH:$missing" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "setup-servers: needs root. Run: sudo npm run setup:servers   (it installs:$missing)" >&2
  exit 1
fi

# While the packages are set up, this policy answers "not allowed" to whoever wants to start a service.
# A policy that was there before is somebody's decision and stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT INT TERM
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of words
apt-get install -q -y --no-install-recommends $missing

# Not at the next boot either: the tests start servers of their own.
if [ -d /run/systemd/system ]; then
  for unit in prometheus prometheus-alertmanager postgresql slapd; do
    case "$missing" in *" $unit"*) systemctl disable --now "$unit" >/dev/null 2>&1 || true ;; esac
  done
fi
echo "setup-servers: installed:$missing"
