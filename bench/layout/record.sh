#!/usr/bin/env bash
# record.sh PROGRAM BENCH FILE: writes the names of the methods that run in an agent at work into FILE, in the order in
# which they first run. The compiler lays them out side by side by it (docs/decisions/0015-methods-in-order.md). On x86-64.
set -euo pipefail
program=$(realpath "$1") bench=$(realpath "$2") file=$(realpath -m "$3")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Of two symbols at one place one is enough. Digits are padded, so that text compares as numbers do.
read -r start size < <(readelf -SW "$program" | awk '$2 == "__managedcode" || $3 == "__managedcode" {
    print $(NF - 7), $(NF - 5) }')
from=$start until=$(printf '%016x' $((16#$start + 16#$size)))
nm "$program.dbg" 2>/dev/null | awk -v from="$from" -v until="$until" \
    '($2 == "t" || $2 == "T") && $1 >= from && $1 < until && !seen[$1]++ { sub(/^0+/, "", $1); print $1, $3 }' \
    >"$folder/names"
cut -d ' ' -f 1 "$folder/names" >"$folder/methods"

gcc -O2 -Wall -Wextra -shared -fPIC -o "$folder/trace.so" "$here/trace.c"
export LAYOUT_METHODS=$folder/methods LAYOUT_RAN=$folder/ran
LD_PRELOAD=$folder/trace.so "$bench" --vigil "$program" --short
# Files of some length, with the service near and far, fill batches, memory and window; and there are things to be done
# while there is nothing to do. Whether it is fast is not asked.
LD_PRELOAD=$folder/trace.so "$bench" --vigil "$program" --rounds 1 --mb 512 --only far,gzip,hundred,steady,idle || true

# Nobody answers: what fails is work too.
cat >"$folder/config.json" <<EOF
{
  "agent": { "region": "us-east-1" },
  "logs": {
    "endpoint_override": "http://127.0.0.1:9",
    "logs_collected": { "files": { "collect_list": [
      { "file_path": "$folder/names", "log_group_name": "layout", "log_stream_name": "layout" } ] } }
  }
}
EOF
AWS_ACCESS_KEY_ID=layout AWS_SECRET_ACCESS_KEY=layout AWS_EC2_METADATA_DISABLED=true LD_PRELOAD=$folder/trace.so \
    timeout 15 "$program" run --config "$folder/config.json" --state "$folder/state" || true # its end

for run in "$folder"/ran.*; do
    od -An -v -tx4 -w4 "$run" | tr -d ' ' | sed 's/^0*//' | grep .
done | awk 'NR == FNR { name[$1] = $2; next } !seen[$1]++ { print name[$1] }' "$folder/names" - >"$file"
echo "$(wc -l <"$file") of $(wc -l <"$folder/names") methods ran: $file"
