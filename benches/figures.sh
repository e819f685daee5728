#!/usr/bin/env bash
# Measures kehu beside git and prints a table; docs/performance.md holds what it printed.
#
#   cargo build --release --example make_bulk --bin kehu && benches/figures.sh [COUNT] [FOLDER]
#
# COUNT leads (100000 unless given) are imported from CSV, then as many follow-ups of them; git stores
# the same files in a repository of its own. What is short is run several times and the best run
# counts, so that another process at work does not. FOLDER, else a temporary one, holds the
# repositories, some gigabytes for 100000; a temporary one is removed at the end.
set -euo pipefail

count=${1:-100000}
here=$(cd -- "$(dirname -- "$0")/.." && pwd)
: "${TARGET:=$here/target/release}"
kehu=$TARGET/kehu
if (($# > 1)); then
  work=$2
  mkdir -p -- "$work"
else
  work=$(mktemp -d)
  trap 'rm -rf -- "$work"' EXIT
fi

# Nothing of the person who measures: no configuration, a fixed clock, a fixed name.
export HOME=$work GIT_CONFIG_NOSYSTEM=1 KEHU_LANG=en KEHU_NOW=2026-06-30T09:00:00+08:00
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.com
git config --global user.name bench
git config --global user.email bench@example.com
git config --global gc.auto 0

# measure RUNS BEFORE COMMAND…: runs BEFORE, then COMMAND, so many times; sets `seconds` and `cpu` (user
# and system) of the fastest run, and `memory`, the most of any, in MB.
measure() {
  local runs=$1 before=$2 run real user sys kilobytes
  shift 2
  seconds=999999 cpu=0 memory=0
  for ((run = 0; run < runs; run++)); do
    eval "$before"
    /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/out" 2>"$work/err" ||
      { echo "failed: $*" >&2 && cat "$work/err" >&2 && exit 1; }
    read -r real user sys kilobytes < <(tail -n 1 "$work/time")
    ((kilobytes / 1024 > memory)) && memory=$((kilobytes / 1024))
    if (($(echo "$real < $seconds" | bc))); then
      seconds=$real cpu=$(echo "$user + $sys" | bc)
    fi
  done
}

# precise RUNS COMMAND…: for what takes milliseconds; sets `seconds` to the mean of so many runs.
precise() {
  local runs=$1 start end run
  shift
  start=$(date +%s%N)
  for ((run = 0; run < runs; run++)); do "$@" >/dev/null; done
  end=$(date +%s%N)
  seconds=$(echo "scale=4; ($end - $start) / $runs / 1000000000" | bc)
}

ratio() { echo "scale=2; $1 / $2" | bc | sed 's/^\./0./'; }
row() { printf '| %s | %s | %s |\n' "$1" "$2" "$3"; }
git_kilobytes() { du -sk "$repo/.git" --exclude=kehu | cut -f 1; }

repo=$work/kehu-data
rm -rf -- "$repo" "$work/git-data"
"$TARGET/examples/make_bulk" "$count" "$work"
"$kehu" init "$repo" >/dev/null
"$kehu" -C "$repo" user import "$here/examples/users.csv" >/dev/null
"$kehu" -C "$repo" product import "$here/examples/products.csv" >/dev/null

echo "| $count leads and follow-ups, $(nproc) cores | figure | ratio |"
echo '| --- | --- | --- |'
measure 1 sync "$kehu" -C "$repo" lead import "$work/leads.csv"
import=$seconds import_cpu=$cpu import_memory=$memory size=$(git_kilobytes)
cp -a "$repo" "$work/git-data"
rm -rf -- "$work/git-data/.git"
git -C "$work/git-data" init -q
measure 1 sync bash -c "cd '$work/git-data' && git add . && git commit -q -m all"
row "git add and commit of these files" "$seconds s, $cpu s cpu" 1
row "lead import" "$import s, $import_cpu s cpu" "$(ratio "$import" "$seconds") of git add and commit"
row "  peak memory" "$import_memory MB" ""
row "  .git" "$((size / 1024)) MB" ""

measure 1 sync "$kehu" -C "$repo" followup import "$work/followups.csv"
row "followup import" "$seconds s, $cpu s cpu" ""

measure 5 : git -C "$repo" status
status=$seconds
row "git status, $((2 * count)) records" "$seconds s, $cpu s cpu" 1
for command in "lead list --where grade=A" "report weekly"; do
  "$kehu" -C "$repo" $command >/dev/null
  measure 5 : "$kehu" -C "$repo" $command
  warm=$seconds
  row "$command, warm" "$seconds s, $cpu s cpu, $memory MB" "$(ratio "$seconds" "$status") of git status"
  measure 2 "rm -f '$repo'/.git/kehu/index.sqlite*" "$kehu" -C "$repo" $command
  row "$command, cold" "$seconds s, $cpu s cpu, $memory MB" "$(ratio "$seconds" "$warm") of warm"
done

precise 50 "$kehu" --version
row "--version" "$seconds s" ""
"$kehu" -C "$repo" lead show LEAD-2026-500 >/dev/null
precise 20 "$kehu" -C "$repo" lead show LEAD-2026-500
row "lead show" "$seconds s" ""

add() {
  "$kehu" -C "$repo" lead add company="测试公司$1" contact_name=测试 phone=1380013"$(printf %04d "$1")" \
    region=浙江 source=展会 acquired_on=2026-03-12 intent=有兴趣 >/dev/null
}
add 0
before=$(git_kilobytes)
start=$(date +%s%N)
for run in 1 2 3 4 5 6 7 8 9 10; do add "$run"; done
end=$(date +%s%N)
row "lead add" "$(echo "scale=4; ($end - $start) / 10 / 1000000000" | bc) s" ""
row "  .git grows" "$((($(git_kilobytes) - before) / 10)) KB" ""
before=$(git_kilobytes)
start=$(date +%s%N)
for run in 1 2 3 4 5 6 7 8 9 10; do
  "$kehu" -C "$repo" followup add at="2026-06-29 10:$((10 + run))" subject=LEAD-2026-500 method=电话 points="第 $run 次" \
    outcome=积极 no_next=已结束 author=li.ming >/dev/null
done
end=$(date +%s%N)
row "followup add" "$(echo "scale=4; ($end - $start) / 10 / 1000000000" | bc) s" ""
row "  .git grows" "$((($(git_kilobytes) - before) / 10)) KB" ""
