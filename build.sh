#!/usr/bin/env bash
# The only commands a newcomer learns: build.sh build|test|guards|chaos|soak|tidy|bench|throughput|publish|layout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration=Release

usage() {
    cat <<'EOF'
usage: ./build.sh COMMAND

  build     build everything; a warning is an error
  test      build, run every test, end with "N passed, N failed, N skipped"
  guards    take out one guard after the other in a copy, and demand that its test fails: a build each, so ten minutes,
            and no part of .ci/run; words narrow it: ./build.sh guards overlap anchor
  chaos     a minute of kills, rotations and outages, every line counted; words narrow it:
            ./build.sh chaos kinds=Rename,Copytruncate seconds=20 kills=3 seed=7
  soak      the same, gently and long, with the agent's memory watched: ./build.sh soak MINUTES
  tidy      check the formatting (the other house rules are tests)
  bench     run the benchmarks; arguments go to BenchmarkDotNet: ./build.sh bench --filter '*Batch*'
  throughput
            measure the native binary beside the least program that can ship a file (the floor), and all else that is
            promised of its speed: a table, what is reached and what is not, in about ten minutes; --help has options.
            artifacts/native-bench and artifacts/native, copied to another host, measure that one without an SDK
  publish   make the native binary artifacts/native/vigil, and try it
  layout    record which methods run in an agent at work, and make the native binary anew with them side by side: after
            changes of much code, or of the framework; in some minutes
EOF
}

build() { dotnet build Agent.sln -c "$configuration" "$@"; }

tidy() { dotnet format Agent.sln --verify-no-changes --no-restore; }

# Runs each test program, shows what it says, and sums up. The last line is for machines too.
run_tests() {
    local passed=0 failed=0 skipped=0 project log total
    log=$(mktemp)
    for project in tests/*/*.csproj; do
        local name
        name=$(basename "$project" .csproj)
        echo "== $name"
        # The exit code is judged by the counts below: a crash leaves none, and counts as a failure.
        "artifacts/bin/$name/release/$name" -noLogo -noColor -showLiveOutput "$@" 2>&1 | tee "$log" || true
        total=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
        if [[ $total =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
            local bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
            failed=$((failed + bad))
            skipped=$((skipped + BASH_REMATCH[4]))
            passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4]))
        else
            echo "== $name ended without a summary"
            failed=$((failed + 1))
        fi
    done
    rm -f "$log"
    echo "$passed passed, $failed failed, $skipped skipped"
    [[ $failed -eq 0 ]]
}

# One test of the chaos harness, which the normal run leaves out, with the plan's words.
run_chaos() {
    local method=$1
    shift
    dotnet build tests/EndToEnd.Tests -c "$configuration" -v quiet
    VIGIL_CHAOS="$*" artifacts/bin/EndToEnd.Tests/release/EndToEnd.Tests -noLogo -noColor -showLiveOutput \
        -explicit only -method "EndToEnd.Tests.Chaos.ChaosTests.$method"
}

# Native AOT links with a C compiler. Debian and Ubuntu get one where there is none and we may install it.
need_linker() {
    command -v clang >/dev/null || command -v gcc >/dev/null && return
    if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
        apt-get update -q && apt-get install -y -q gcc libc6-dev
    else
        echo "build.sh publish: install clang or gcc first: Native AOT links with it" >&2
        exit 1
    fi
}

# publish_native PROJECT FOLDER: compiled ahead of time, with whichever compiler there is to link.
publish_native() {
    need_linker
    local project=$1 folder=$2 options=()
    shift 2
    command -v clang >/dev/null || options+=(-p:CppCompilerAndLinker=gcc)
    dotnet publish "$project" -c "$configuration" -r linux-x64 -o "$folder" "${options[@]}" "$@"
}

publish() {
    publish_native src/Agent/Agent.csproj artifacts/native "$@"
    artifacts/native/vigil --version
    say_layout
}

# Of the methods that are to lie side by side some have another name, or are gone, after each change.
say_layout() {
    command -v nm >/dev/null || return 0
    local listed=src/Agent/methods.order known
    known=$(nm artifacts/native/vigil.dbg 2>/dev/null | awk 'NR == FNR { listed[$1] = 1; next } $3 in listed { n++ }
        END { print n + 0 }' "$listed" -)
    echo "$known of $(wc -l <"$listed") methods that run lie side by side"
    if ((known * 10 < $(wc -l <"$listed") * 9)); then
        echo "build.sh publish: run './build.sh layout' and commit $listed: the program takes more memory than it must" >&2
        return 1
    fi
}

layout() {
    publish_native src/Agent/Agent.csproj artifacts/native
    publish_native bench/Throughput artifacts/native-bench
    bench/layout/record.sh artifacts/native/vigil artifacts/native-bench/Throughput src/Agent/methods.order
    publish
}

throughput() {
    # Another program than this tree's may be named.
    [[ -n ${VIGIL_BINARY:-} || " $* " == *" --vigil "* ]] || publish -v quiet
    publish_native bench/Throughput artifacts/native-bench -v quiet
    artifacts/native-bench/Throughput "$@"
}

command=${1:-}
[[ $# -gt 0 ]] && shift
case "$command" in
    build) build "$@" ;;
    test) build -v quiet && run_tests "$@" ;;
    guards) tests/Guards/prove.sh "$@" ;;
    chaos) run_chaos AStormLosesNoLineThatItDidNotDestroy "$@" ;;
    soak) run_chaos ALongSoakLosesNoLineAndNeedsNoMoreAtItsEndThanAtItsBeginning "minutes=${1:-10}" "${@:2}" ;;
    tidy) tidy "$@" ;;
    bench) dotnet run -c "$configuration" --project bench/Agent.Bench -- --artifacts artifacts/bench "$@" ;;
    throughput) throughput "$@" ;;
    publish) publish "$@" ;;
    layout) layout ;;
    -h | --help | help) usage ;;
    *) usage >&2; exit 2 ;;
esac
