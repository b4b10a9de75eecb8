#!/usr/bin/env bash
# What many idle files and one busy one cost.
#
# usage: bench/idle/measure.sh [FILES] [SECONDS] [OPEN_FILES_LIMIT]     defaults: 10000 60, no limit
# Needs artifacts/native/vigil (./build.sh publish) or VIGIL_BINARY, and strace. KEEP=1 keeps the folder and names it.
#
# It makes FILES logs of five lines in ten folders, lets `vigil run` ship all of them by one pattern into one stream of
# a `vigil local`, and measures the agent, not the local service:
#   start  until the local service holds every line
#   idle   SECONDS in which nothing is written to any file
#   busy   SECONDS in which one of the files gets 1,000 lines a second
#   calls  SECONDS of idleness under strace, which slows the agent down: only the numbers of calls count
# CPU is utime + stime of /proc/PID/stat in percent of one core; memory is VmRSS and VmHWM; handles are the entries of
# /proc/PID/fd; switches are both kinds of context switches of the threads that live at the end.
#
# It fails where a number would not mean what it says: the agent died, a line is missing. It ends what it started, also
# on Ctrl-C.
set -euo pipefail

files=${1:-10000}
seconds=${2:-60}
limit=${3:-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
vigil=$(realpath "${VIGIL_BINARY:-$root/artifacts/native/vigil}")
patience=${PATIENCE:-600} # seconds until every line must have arrived
folders=10
lines_each=5
rate=1000
group=idle
stream=all
ticks=$(getconf CLK_TCK)

work=$(mktemp -d)
started=() # the pids to end, the newest last

fail() {
    echo "measure.sh: $*" >&2
    exit 1
}

clean_up() {
    local pid i
    trap '' INT TERM
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        pid=${started[i]}
        if kill "$pid" 2> /dev/null; then
            # A process that does not end in 30 s is killed: nothing may outlive the script.
            timeout 30 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2> /dev/null || true
        fi
    done
    if [[ -n ${KEEP:-} ]]; then
        echo "kept: $work"
    else
        rm -rf "$work"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_files() {
    awk -v files="$files" -v folders="$folders" -v lines="$lines_each" -v into="$work/logs" 'BEGIN {
        for (i = 0; i < files; i++) {
            name = sprintf("%s/%d/app-%05d.log", into, i % folders, i)
            for (j = 0; j < lines; j++)
                printf "Nov 25 12:00:00 web-1 sshd[%05d]: Accepted publickey for admin, line %d\n", i, j > name
            close(name)
        }
    }'
}

start_local() {
    "$vigil" local --port 0 --data "$work/cloud" > "$work/local.out" 2>&1 &
    started+=($!)
    for ((i = 0; i < 100; i++)); do
        endpoint=$(sed -n 's/.* on \(http[^,]*\), data in .*/\1/p' "$work/local.out")
        [[ -n $endpoint ]] && return
        sleep 0.1
    done
    fail "vigil local did not start: $(cat "$work/local.out")"
}

write_config() {
    cat > "$work/config.json" << JSON
{
  "agent": { "region": "us-east-1" },
  "logs": {
    "endpoint_override": "$endpoint",
    "logs_collected": { "files": { "collect_list": [
      { "file_path": "$work/logs/*/*.log", "log_group_name": "$group", "log_stream_name": "$stream" }
    ] } }
  },
  "vigil": { "tail_all": true }
}
JSON
}

start_agent() {
    (
        [[ -z $limit ]] || ulimit -n "$limit"
        exec "$vigil" run --config "$work/config.json" --state "$work/state"
    ) > "$work/journal" 2>&1 &
    agent=$!
    started+=("$agent")
}

# The agent is the process that was started, and it lives.
check_agent() {
    [[ -e /proc/$agent/exe ]] || fail "the agent died; its journal ends in: $(tail -n 5 "$work/journal")"
}

# The bytes that the local service counted, 26 for each event as the real one does: cheap enough to be asked often.
stored_bytes() {
    "$vigil" logs groups "$group" --endpoint "$endpoint" 2> /dev/null | awk 'NR == 2 { print $(NF - 1) }'
}

# CPU time of the agent so far. The name in brackets may hold spaces.
cpu_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$agent/stat"; }
status_kib() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$agent/status"; }
# By thread, since those that end take their count with them.
switches() {
    awk '/^Pid:/ { id = $2 } /ctxt_switches/ { of[id] += $2 } END { for (id in of) print id, of[id] }' \
        /proc/"$agent"/task/*/status 2> /dev/null
}
# How many there were between two looks.
switched() {
    awk 'NR == FNR { before[$1] = $2; next } { sum += $2 - before[$1] } END { print sum + 0 }' \
        <(echo "$1") <(echo "$2")
}
handles() { find "/proc/$agent/fd" -mindepth 1 | wc -l; }
elapsed() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }

# One line of the table.
row() {
    awk -v name="$1" -v took="$2" -v used="$3" -v switched="$4" -v hz="$ticks" -v rss="$(status_kib VmRSS)" \
        -v most="$(status_kib VmHWM)" -v handles="$(handles)" 'BEGIN {
        printf "| %s | %.1f | %.2f | %.2f %% | %.1f | %.1f | %d | %.0f |\n", name, took, used / hz,
            100 * used / hz / took, rss / 1024, most / 1024, handles, switched / took
    }'
}

# Nothing is written meanwhile, or what runs beside.
measure() {
    local name=$1 began=$EPOCHREALTIME used before
    used=$(cpu_ticks)
    before=$(switches)
    sleep "$seconds"
    check_agent
    row "$name" "$(elapsed "$began")" $(($(cpu_ticks) - used)) "$(switched "$before" "$(switches)")"
}

await_delivery() {
    local wanted=$1 found
    for ((i = 0; i < patience; i++)); do
        check_agent
        found=$(stored_bytes)
        ((${found:-0} < wanted)) || return 0
        sleep 1
    done
    fail "${found:-0} of $wanted bytes were delivered after $patience s"
}

# No two lines are equal. A request that is answered too late is sent again: that is allowed, and worth knowing.
check_lines() {
    local all found
    "$vigil" logs get "$group" "$stream" --plain --endpoint "$endpoint" > "$work/delivered"
    all=$(wc -l < "$work/delivered")
    found=$(sort -u "$work/delivered" | wc -l)
    ((found == $1)) || fail "$found of $1 lines were delivered"
    ((all == found)) || echo "$((all - found)) lines were delivered twice" >&2
}

# As many lines as are due, each written by itself, so that the agent is told of each.
write_busily() {
    local busy=$1 began=${EPOCHREALTIME/[.,]/} due written=0
    while ((written < rate * seconds)); do
        due=$(((${EPOCHREALTIME/[.,]/} - began) * rate / 1000000))
        for (( ; written < due && written < rate * seconds; written++)); do
            printf 'Nov 25 12:00:00 web-1 sshd[00000]: Connection closed by 10.0.0.1 port 22, line %d\n' "$written"
        done >> "$busy"
        sleep 0.01
    done
}

bytes_with_overhead() { echo $(($(cat "$work"/logs/*/*.log | wc -c) + $1 * 25)); } # 26 for each, its newline not sent

command -v strace > /dev/null || fail "strace is not installed"
[[ -x $vigil ]] || fail "$vigil is not there: ./build.sh publish makes it"
mkdir -p "$work"/logs/{0..9}
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1
make_files
lines=$((files * lines_each))
start_local
write_config

echo "$("$vigil" --version), $files files, $lines lines${limit:+, ulimit -n $limit}"
echo
echo "| phase | seconds | CPU s | of a core | RSS MiB | peak MiB | handles | switches/s |"
echo "|---|---|---|---|---|---|---|---|"
began=$EPOCHREALTIME
start_agent
await_delivery "$(bytes_with_overhead "$lines")"
row start "$(elapsed "$began")" "$(cpu_ticks)" "$(switched "" "$(switches)")"
check_lines "$lines"
said=$(wc -l < "$work/journal")

sleep 10 # what the start left to do is none of the idle time's business
measure idle
write_busily "$work/logs/0/app-00000.log" &
writer=$!
started+=("$writer")
measure "busy ($rate lines/s)"
wait "$writer" || fail "the writer of the busy file failed"
lines=$((lines + rate * seconds))
await_delivery "$(bytes_with_overhead "$lines")"
check_lines "$lines"

sleep 10
# strace is told to end, not killed: it must let go of the agent and print its sums.
timeout --signal=INT "$seconds" strace -f -c -o "$work/calls" -p "$agent" 2> /dev/null || true
check_agent
[[ -s $work/calls ]] || fail "strace counted nothing; may it trace the agent?"
echo
echo "lines in the journal until all was delivered: $said"
echo "the first 12 of the system calls in $seconds s of idleness, and all:"
awk 'NR <= 14 || /total/' "$work/calls"
kill "$agent"
wait "$agent" || fail "the agent did not stop well: $(tail -n 5 "$work/journal")"
