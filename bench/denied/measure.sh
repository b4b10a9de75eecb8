#!/usr/bin/env bash
# What many log streams that the service refuses for ever cost one that it takes.
#
# usage: bench/denied/measure.sh [PAIRS] [STREAMS] [LATENCY_MS]     defaults: 7 200 0
# Needs artifacts/native/vigil (./build.sh publish) or VIGIL_BINARY. KEEP=1 keeps the folder. BUDGET_MB (16) is the
# agent's memory budget, HEALTHY_MB (256) and DENIED_MB (2) are the lengths of the files.
#
# Each run starts a sink and an agent on the same configuration, and then moves the healthy stream's file into place.
# Its rate is taken from there until the sink has its last line. In the runs called `beside` the refused streams' files
# are there from the start, and each of them was refused at least once before the healthy file appears; in the runs
# called `alone` they are missing. They go alone, beside, alone, beside: a pair is one of each, and its ratio is what
# counts, since the machine's own rate drifts.
#
# It fails where a number would not mean what it says: the agent died, or nothing was refused. It ends what it started.
set -euo pipefail

pairs=${1:-7}
streams=${2:-200}
latency=${3:-0}
budget=${BUDGET_MB:-16}
healthy_mb=${HEALTHY_MB:-256}
denied_mb=${DENIED_MB:-2}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
vigil=$(realpath "${VIGIL_BINARY:-$root/artifacts/native/vigil}")
warm_mb=64 # shipped before, so that both kinds of runs begin with memory that was used
patience=120 # seconds until every line must have arrived

work=$(mktemp -d)
started=()

fail() {
    echo "measure.sh: $*" >&2
    exit 1
}

end_started() {
    local pid
    for pid in "${started[@]}"; do
        if kill "$pid" 2> /dev/null; then
            timeout 30 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2> /dev/null || true
        fi
    done
    started=()
}

clean_up() {
    trap '' INT TERM
    end_started
    if [[ -n ${KEEP:-} ]]; then
        echo "kept: $work"
    else
        rm -rf "$work"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_lines() {
    awk -v bytes=$(($1 << 20)) 'BEGIN {
        for (n = 0; n < bytes; n += length(line) + 1) {
            line = sprintf("Nov 26 12:00:%02d web-1 sshd[%05d]: Failed password for invalid user admin from 198.51.100.%d port %d ssh2",
                i % 60, i % 99999, i % 254, 1024 + i % 60000)
            print line
            i++
        }
    }'
}

# Each file a stream of its own.
write_config() {
    local i denied=""
    for ((i = 0; i < streams; i++)); do
        denied+="{ \"file_path\": \"$work/denied/$i.log\", \"log_group_name\": \"denied-group\","
        denied+=" \"log_stream_name\": \"$i\" },"
    done
    cat > "$work/config.json" << JSON
{
  "agent": { "region": "us-east-1" },
  "logs": {
    "endpoint_override": "http://127.0.0.1:$port",
    "logs_collected": { "files": { "collect_list": [
      $denied
      { "file_path": "$work/warm.log", "log_group_name": "healthy", "log_stream_name": "warm" },
      { "file_path": "$work/healthy.log", "log_group_name": "healthy", "log_stream_name": "one" }
    ] } }
  },
  "vigil": { "memory_budget_mb": $budget, "tail_all": true, "linger_ms": 50 }
}
JSON
}

counted() {
    local counts
    counts=$(curl -sS --max-time 10 "http://127.0.0.1:$port/counts") || fail "the sink does not answer"
    cut -d ' ' -f "$1" <<< "$counts"
}

# Waits until a count of the sink is reached.
await() {
    local field=$1 wanted=$2 what=$3 until=$((SECONDS + patience))
    while (($(counted "$field") < wanted)); do
        [[ -e /proc/$agent/exe ]] || fail "the agent died; its journal ends in: $(tail -n 5 "$work/journal")"
        ((SECONDS < until)) || fail "$(counted "$field") of $wanted $what after $patience s"
        sleep 0.01
    done
}

run() {
    local name=$1 began
    rm -rf "$work/state" "$work/denied" "$work/healthy.log" "$work/warm.log"
    mkdir "$work/denied"
    rm -f "$work/port"
    "$vigil" bench-sink --latency-ms "$latency" --deny denied-group > "$work/port" 2> "$work/sink.err" &
    started+=($!)
    until [[ -s $work/port ]]; do sleep 0.05; done
    port=$(cat "$work/port")
    if [[ $name == beside ]]; then
        for ((i = 0; i < streams; i++)); do cp "$work/some" "$work/denied/$i.log"; done
    fi
    cp "$work/many" "$work/waiting"
    write_config
    "$vigil" run --config "$work/config.json" --state "$work/state" > "$work/journal" 2>&1 &
    agent=$!
    started+=("$agent")
    if [[ $name == beside ]]; then
        await 3 "$streams" "refusals"
    else
        until grep -q Started "$work/journal"; do sleep 0.05; done
    fi
    cp "$work/some" "$work/warming"
    for ((i = 1; i < warm_mb / denied_mb; i++)); do cat "$work/some" >> "$work/warming"; done
    mv "$work/warming" "$work/warm.log"
    await 1 $((warm_lines)) "lines to warm up"
    sleep 1
    began=$EPOCHREALTIME
    mv "$work/waiting" "$work/healthy.log"
    await 1 $((warm_lines + lines)) "lines"
    rate=$(awk -v from="$began" -v to="$EPOCHREALTIME" -v mb="$healthy_mb" 'BEGIN { printf "%.1f", mb / (to - from) }')
    peak=$(awk '/^VmHWM:/ { printf "%.1f", $2 / 1024 }' "/proc/$agent/status")
    refused=$(counted 3)
    end_started
}

[[ -x $vigil ]] || fail "$vigil is not there: ./build.sh publish makes it"
export AWS_ACCESS_KEY_ID=sink AWS_SECRET_ACCESS_KEY=sink AWS_REGION=us-east-1
make_lines "$healthy_mb" > "$work/many"
make_lines "$denied_mb" > "$work/some"
lines=$(wc -l < "$work/many")
warm_lines=$(($(wc -l < "$work/some") * (warm_mb / denied_mb)))

echo "$("$vigil" --version), $healthy_mb MiB beside $streams refused streams of $denied_mb MiB, budget $budget MiB, latency $latency ms"
echo
echo "| pair | alone MiB/s | peak MiB | beside MiB/s | peak MiB | refusals | beside / alone |"
echo "|---|---|---|---|---|---|---|"
for ((pair = 1; pair <= pairs; pair++)); do
    run alone
    alone=$rate alone_peak=$peak
    run beside
    ratio=$(awk -v a="$alone" -v b="$rate" 'BEGIN { printf "%.3f", b / a }')
    echo "$ratio" >> "$work/ratios"
    echo "| $pair | $alone | $alone_peak | $rate | $peak | $refused | $ratio |"
done
echo
echo "median of the ratios: $(sort -n "$work/ratios" | awk '{ r[NR] = $1 } END { print r[int((NR + 1) / 2)] }')"
