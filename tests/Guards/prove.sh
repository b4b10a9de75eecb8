#!/usr/bin/env bash
# Takes one guard after the other out of a copy of the sources, and demands that its test fails there. A guard that can
# be taken out unnoticed is taken out one day. Run it as: ./build.sh guards [WORD...], words narrow it to the guards
# whose names hold one of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

guards=tests/Guards
work=artifacts/guards
tree=$work/tree # one for all guards: after the first build only the agent itself is compiled anew
log=$PWD/$work/last.log
sources=(src tests/Agent.Tests Agent.sln Directory.Build.props Directory.Packages.props global.json .editorconfig
    BannedSymbols.txt)

# A guard is taken out, not written anew: what the analyzers say of the rest is no matter here.
build_tree() {
    (cd "$tree" && dotnet build tests/Agent.Tests -c Release -v quiet -p:RunAnalyzers=false \
        -p:TreatWarningsAsErrors=false -p:MSBuildTreatWarningsAsErrors=false) > "$log" 2>&1 < /dev/null
}

# Makes the copy what the working tree is now. Only what differs is written, and gets the time of now: else a build
# would take what a patch left behind for up to date.
copy_sources() {
    local file
    mkdir -p "$tree"
    while IFS= read -r -d '' file; do
        if [[ -f $file ]] && ! cmp -s "$file" "$tree/$file"; then
            mkdir -p "$(dirname "$tree/$file")"
            cp "$file" "$tree/$file"
        fi
    done < <(git ls-files -z --cached --others --exclude-standard -- "${sources[@]}")
    while IFS= read -r -d '' file; do
        [[ -f ${file#"$tree/"} ]] || rm "$file"
    done < <(find "$tree" -path "$tree/artifacts" -prune -o -type f -print0)
}

# One line of context is enough to find the place. git must not take the copy for a part of this repository, where it
# would apply nothing and say nothing.
apply_patch() {
    GIT_CEILING_DIRECTORIES=$PWD/$work git -C "$tree" apply -C1 "${@:2}" "$PWD/$guards/$1" 2> "$log"
}

restore() {
    local file
    git apply --numstat "$guards/$1" | cut -f 3 | while IFS= read -r file; do
        cp "$file" "$tree/$file"
    done
}

# Runs one test method of the copy, and sets how many of its cases ran and how many failed. A method that is not there
# runs none; a crash or a hang leaves no summary and counts as none too.
run_test() {
    timeout 120 "$tree/artifacts/bin/Agent.Tests/release/Agent.Tests" -noLogo -noColor -method "$1" \
        > "$log" 2>&1 < /dev/null || true
    ran=0 failed=0
    if [[ $(< "$log") =~ Total:\ ([0-9]+),\ Errors:\ [0-9]+,\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
        ran=$((BASH_REMATCH[1] - BASH_REMATCH[3]))
        failed=${BASH_REMATCH[2]}
    fi
}

# Says what is wrong with a guard, and shows the end of what was said last.
say_not_proven() {
    echo "$1: NOT PROVEN: $2"
    tail -n 15 "$log" | sed 's/^/    | /'
}

prove() {
    local guard=$1 patch=$2 test=$3 round
    if ! apply_patch "$patch" --check; then
        say_not_proven "$guard" "$patch no longer applies: make it anew for the code as it is now"
        return 1
    fi

    run_test "$test"
    if [[ $ran -eq 0 || $failed -gt 0 ]]; then
        say_not_proven "$guard" "$test does not pass with the guard in its place ($ran ran, $failed failed)"
        return 1
    fi

    apply_patch "$patch"
    if ! build_tree; then
        say_not_proven "$guard" "$patch applies, but what is left does not compile"
        return 1
    fi

    # A test that fails now and then, because it looks too early or too late, protects nothing.
    for round in 1 2 3; do
        run_test "$test"
        if [[ $failed -eq 0 ]]; then
            say_not_proven "$guard" "$test does not fail without the guard (run $round of 3, $ran ran)"
            return 1
        fi
    done

    echo "$guard: proven: ${test#Agent.Tests.} fails without it"
    grep -m 1 -A 1 -F '[FAIL]' "$log" | tail -n 1 | sed 's/^ */    | /'
}

# Guards whose names hold one of the words, all without words: guard, patch and test, with tabs between.
chosen() {
    awk -F ' *[|] *' -v OFS='\t' -v words="$*" '
        BEGIN { n = split(words, word, " ") }
        /^(#|$)/ { next }
        { take = n == 0; for (i = 1; i <= n; i++) take = take || index($1, word[i]) }
        take { print $1, $2, $3 }' "$guards/guards.txt"
}

# A guard whose line was lost would never be missed.
demand_a_line_for_each_patch() {
    local patch
    for patch in "$guards"/*.patch; do
        grep -qF "| $(basename "$patch") |" "$guards/guards.txt" \
            || { echo "$patch stands in no line of $guards/guards.txt" >&2; return 1; }
    done
}

demand_a_line_for_each_patch
table=$(chosen "$@")
[[ -n $table ]] || { echo "no guard in $guards/guards.txt is named like: $*" >&2; exit 2; }
copy_sources
echo "building with all guards in their places: the first time takes minutes"
build_tree || { cat "$log"; exit 1; }

count=0 proven=0
while IFS=$'\t' read -r guard patch test; do
    count=$((count + 1))
    if prove "$guard" "$patch" "$test"; then
        proven=$((proven + 1))
    fi
    restore "$patch"
done <<< "$table"
echo "$count guards, $proven proven"
[[ $proven -eq $count ]]
