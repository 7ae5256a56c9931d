#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs vethtraced with a ring that is too small, and a Prometheus that scrapes it each second, while
# faults of the lab run and the kernel drops a known number of packets.
#
#   metrics.sh HOME FOLDER PORT PORT2    HOME: build/vethtrace; the ports are free ones
#
# Writes to FOLDER: tsdb (the database of Prometheus) and metrics (the daemon's last metrics). Prints one
# JSON object: began and ended (seconds), ruled (the packet count of nft's own counter), rounds, and
# netns, the prefix of the namespaces' names.
set -eu
here=$(dirname "$(realpath "$0")")
# shellcheck source=lib/daemon.sh
. "$here/lib/daemon.sh"
# shellcheck source=lib/refused-sources.sh
. "$here/lib/refused-sources.sh"

home=$1 out=$2 port=$3 prometheus_port=$4
rules=$here/../../dashboards/prometheus/alerts.yaml
prefix=vt-prom-$$
ring_bytes=4096 rounds=10
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
daemon=
finish() {
  stop_process "$daemon" || :
  stop_jobs || :
  for netns in blue red; do ip netns del "$prefix-$netns" 2>/dev/null || :; done
  remove_refusing_pairs "$prefix"
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fetch() {
  busybox wget -q -O "$2" "http://127.0.0.1:$1" 2>/dev/null
}

for netns in blue red; do ip netns add "$prefix-$netns"; done
make_pair "$prefix-blue" veth0 192.168.7.1 "$prefix-red" veth1 192.168.7.2
make_pair "$prefix-blue" veth2 192.168.8.1 "$prefix-red" veth3 192.168.8.2
ip -n "$prefix-red" link set veth3 mtu 1000
make_refusing_pairs "$prefix"
ip netns exec "$prefix-red" nft -f - <<'NFT'
table inet filter {
  chain input {
    type filter hook input priority 0;
    udp dport 7 counter drop
  }
}
NFT

daemon=$(start_daemon "$home" "$folder" --ring-bytes "$ring_bytes" --metrics "127.0.0.1:$port") || exit 3
export VETHTRACE_SERVER=unix:$folder/socket
await 60 fetch "$port/metrics" "$folder/metrics"

# Alerts with a delay of minutes fire at once here.
sed 's/ for: .*/ for: 1s/' "$rules" >"$folder/alerts.yaml"
cat >"$folder/prometheus.yaml" <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [alerts.yaml]
scrape_configs:
  - job_name: vethtrace
    static_configs: [{targets: ['127.0.0.1:$port']}]
YAML
prometheus --config.file="$folder/prometheus.yaml" --storage.tsdb.path="$folder/tsdb" \
  --web.listen-address="127.0.0.1:$prometheus_port" --enable-feature=exemplar-storage \
  --log.level=error >"$folder/prometheus.log" 2>&1 &
prometheus=$!
has_scraped() {
  fetch "$prometheus_port/api/v1/query?query=vethtrace_build_info" "$folder/answer" &&
    grep -q version "$folder/answer"
}
await 60 has_scraped
began=$(date +%s)

"$home/bin/vethtrace" -o json lab run --jobs 1 blog-accept-local nft-input >"$folder/lab" || :

for ((round = 0; round < rounds; round++)); do
  flood "$prefix-blue" veth0 192.168.7.2 7 2000 16
  flood "$prefix-blue" veth0 192.168.7.2 9 30 16
  flood "$prefix-blue" veth2 192.168.8.2 7 20 1400
  send_refused_round "$prefix"
  sleep 0.7
done
sleep 3
ended=$(date +%s)
fetch "$port/metrics" "$out/metrics"
ruled=$(ip netns exec "$prefix-red" nft list ruleset | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p')

# The daemon ends before Prometheus, which has to notice.
stop_process "$daemon"
daemon=
sleep 4
stop_process "$prometheus"
cat "$folder/prometheus.log" >&2
cp -R "$folder/tsdb" "$out/tsdb"

cat <<JSON
{"began": $began, "ended": $ended, "ruled": $ruled, "rounds": $rounds, "netns": "$prefix"}
JSON
