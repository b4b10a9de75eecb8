#!/usr/bin/env bash
# What idle log files cost: starts a local service and an agent on many quiet files, waits until each is delivered, and
# measures the agent while nothing happens, then while one file is busy, then counts its system calls.
#
# usage: bench/idle/measure.sh [FILES] [SECONDS] [OPEN_FILES_LIMIT]     defaults: 10000 60, no limit
# Needs artifacts/native/vigil (./build.sh publish) or VIGIL_BINARY, and strace for the last table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

files=${1:-10000} seconds=${2:-60} limit=${3:-}
vigil=${VIGIL_BINARY:-$PWD/artifacts/native/vigil}
folder=$(mktemp -d)
cloud='' agent='' writer=''

finish() {
    for pid in $writer $agent $cloud; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() { echo "measure.sh: $1" >&2; tail -n 5 "$folder"/*.log >&2; exit 1; }

# The port the local service took, from what it says.
start_cloud() {
    "$vigil" local --port 0 --data "$folder/cloud" > "$folder/cloud.log" 2>&1 &
    cloud=$!
    for _ in {1..100}; do
        endpoint=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$folder/cloud.log" | head -n 1) && return
        sleep 0.1
    done
    fail "the local service did not start"
}

make_logs() {
    local i
    for ((i = 0; i < files; i++)); do
        local sub=$folder/logs/$((i / 1000))
        [[ -d $sub ]] || mkdir -p "$sub"
        printf 'Nov 22 18:45:01 web-1 sshd[%d]: session opened for user root\n' "$i" > "$sub/$i.log"
    done
    : > "$folder/logs/busy.log"
    cat > "$folder/config.json" <<EOF
{ "agent": { "region": "us-east-1" },
  "logs": { "endpoint_override": "$endpoint", "logs_collected": { "files": { "collect_list": [
    { "file_path": "$folder/logs/**.log", "log_group_name": "idle", "log_stream_name": "all" } ] } } },
  "vigil": { "tail_all": true, "linger_ms": 1000 } }
EOF
}

start_agent() {
    (
        [[ -z $limit ]] || ulimit -n "$limit"
        exec "$vigil" run --config "$folder/config.json" --state "$folder/state" > "$folder/agent.log" 2>&1
    ) &
    agent=$!
}

# Files whose last byte is resolved.
delivered() {
    "$vigil" status --state "$folder/state" --json 2>/dev/null |
        grep -oE '"behind_bytes": [0-9]+' | grep -c ': 0$' || true
}

wait_until_delivered() {
    local began=$SECONDS count
    while count=$(delivered); ((count < files)); do
        kill -0 "$agent" 2>/dev/null || fail "the agent has ended"
        ((SECONDS - began < 600)) || fail "$count of $files files are delivered after 600 s"
        sleep 1
    done
    echo "all $files files are delivered $((SECONDS - began)) s after the start (looked once a second)"
}

ticks() { awk '{ print $14 + $15 }' "/proc/$agent/stat"; }
resident() { awk -v name="$1:" '$1 == name { printf "%.1f", $2 / 1024 }' "/proc/$agent/status"; }

# One row: CPU share of one core, memory, handles.
measure() {
    local name=$1 before after
    before=$(ticks)
    sleep "$seconds"
    kill -0 "$agent" 2>/dev/null || fail "the agent has ended"
    after=$(ticks)
    printf '%-26s %8.2f %% %10s MiB %10s MiB %8d\n' "$name" \
        "$(bc -l <<< "($after - $before) / $(getconf CLK_TCK) / $seconds * 100")" \
        "$(resident VmRSS)" "$(resident VmHWM)" "$(find "/proc/$agent/fd" -mindepth 1 | wc -l)"
}

start_cloud
make_logs
start_agent
wait_until_delivered
printf '%-26s %10s %14s %14s %8s\n' "" "CPU" "RSS" "peak RSS" "handles"
measure "idle"
measure "idle, a while later"
(while :; do for _ in {1..100}; do echo "Nov 22 18:45:02 web-1 sshd[1]: Failed password for root"; done; sleep 0.1; done \
    >> "$folder/logs/busy.log") &
writer=$!
measure "one busy, 1000 lines/s"
kill "$writer"; wait "$writer" 2>/dev/null || true
writer=''
if command -v strace > /dev/null; then
    echo "system calls in $seconds s of idleness:"
    timeout --signal=INT "$seconds" strace -f -c -p "$agent" 2>&1 | grep -vE '^strace: Process' | head -n 20 || true
fi
