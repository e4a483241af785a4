#!/bin/sh
# Installs the real servers and tools that tests and benchmarks use where they are present: Prometheus, Alertmanager, wrk, strace.
# Safe to run again. Starts nothing: the packages' own services are kept from starting, also where an init system runs.
set -eu

PACKAGES='prometheus prometheus-alertmanager wrk strace'

missing=''
for package in $PACKAGES; do
  if ! command -v "$package" >/dev/null 2>&1; then missing="$missing $package"; fi
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
  for unit in prometheus prometheus-alertmanager; do
    case "$missing" in *" $unit"*) systemctl disable --now "$unit" >/dev/null 2>&1 || true ;; esac
  done
fi
echo "setup-servers: installed:$missing"
