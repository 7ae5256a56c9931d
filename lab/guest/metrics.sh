#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs vethtraced with a ring that is too small and lets a Prometheus scrape it each second, while faults
# of the lab run and the kernel is made to drop packets whose number is known.
#
#   metrics.sh HOME FOLDER PORT PORT2    HOME: build/vethtrace; the ports are free ones
#
# Leaves in FOLDER: tsdb (what Prometheus stored), metrics (what the daemon said at last). Prints one
# JSON object: began and ended (seconds), the names of its namespaces begin with netns.
set -eu
home=$1 out=$2 port=$3 port_of_prometheus=$4
here=$(dirname "$0")
rules=$here/../../dashboards/prometheus/alerts.yaml
prefix=vt-prom-$$
ring_bytes=4096 rounds=10
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
daemon= prometheus=
finish() {
  # shellcheck disable=SC2086 # those that run
  if [ -n "$daemon$prometheus" ]; then kill $daemon $prometheus 2>/dev/null || :; fi
  wait || :
  for netns in blue red local filter; do ip netns del "$prefix-$netns" 2>/dev/null || :; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fetch() {
  busybox wget -q -O "$2" "http://127.0.0.1:$1"
}

# Waits until a command succeeds.
await() {
  tries=0
  until "$@" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "metrics.sh: in vain: $*" >&2; exit 1; }
    sleep 0.2
  done
}

. "$here/refusing.sh"

for netns in blue red; do ip netns add "$prefix-$netns"; done
pair "$prefix-blue" veth0 192.168.7.1 "$prefix-red" veth1 192.168.7.2
pair "$prefix-blue" veth2 192.168.8.1 "$prefix-red" veth3 192.168.8.2
ip -n "$prefix-red" link set veth3 mtu 1000
refusing_pairs "$prefix"
ip netns exec "$prefix-red" nft -f - <<'NFT'
table inet filter {
  chain input {
    type filter hook input priority 0;
    udp dport 7 counter drop
  }
}
NFT

. "$here/daemon.sh"
start_daemon --ring-bytes "$ring_bytes" --metrics "127.0.0.1:$port"
await fetch "$port/metrics" "$folder/metrics"

# What has to hold for minutes alerts at once here.
sed 's/ for: .*/ for: 1s/' "$rules" >"$folder/alerts.yaml"
cat >"$folder/prometheus.yaml" <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [alerts.yaml]
scrape_configs:
  - job_name: vethtrace
    static_configs: [{targets: ['127.0.0.1:$port']}]
YAML
prometheus --config.file="$folder/prometheus.yaml" --storage.tsdb.path="$folder/tsdb" \
  --web.listen-address="127.0.0.1:$port_of_prometheus" --enable-feature=exemplar-storage \
  --log.level=error >"$folder/prometheus.log" 2>&1 &
prometheus=$!
scraped() {
  fetch "$port_of_prometheus/api/v1/query?query=vethtrace_build_info" "$folder/answer" &&
    grep -q version "$folder/answer"
}
await scraped
began=$(date +%s)

"$home/bin/vethtrace" -o json lab run --jobs 1 blog-accept-local nft-input >"$folder/lab" || :

round=0
while [ $round -lt $rounds ]; do
  flood "$prefix-blue" veth0 192.168.7.2 7 2000 16
  flood "$prefix-blue" veth0 192.168.7.2 9 30 16
  flood "$prefix-blue" veth2 192.168.8.2 7 20 1400
  refused_round "$prefix"
  round=$((round + 1))
  sleep 0.7
done
sleep 3
ended=$(date +%s)
fetch "$port/metrics" "$out/metrics"
ruled=$(ip netns exec "$prefix-red" nft list ruleset | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p')

# The daemon ends before Prometheus, which has to notice.
kill "$daemon"
wait "$daemon" || :
daemon=
sleep 4
kill "$prometheus"
wait "$prometheus" || :
prometheus=
cat "$folder/prometheus.log" >&2
cp -R "$folder/tsdb" "$out/tsdb"

cat <<JSON
{"began": $began, "ended": $ended, "ruled": $ruled, "rounds": $rounds, "netns": "$prefix"}
JSON
