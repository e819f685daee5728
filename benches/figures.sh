#!/usr/bin/env bash
# Measures kehu beside git and prints a table with what must hold; docs/performance.md keeps one.
#
#   cargo build --release --bin kehu --example make_bulk && benches/figures.sh [COUNT] [FOLDER]
#
# COUNT leads (100000 unless given) are imported from CSV, then as many follow-ups of them; git stores
# the same files in a repository of its own. FOLDER, else a temporary one, holds the repositories, some
# gigabytes for 100000. RUNS (2) says how often what is long is run.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
count=${1:-100000}
shift "$(($# > 0))"
open_bench "$@"
: "${RUNS:=2}"

# next_repository, next_plain: go to a new repository to import into, to a new one of git with the same files.
next_repository() { next_folder kehu && repo=$folder && new_repository "$repo" && cd -- "$repo" && sync; }
next_plain() {
  next_folder git && cp -a -- "$repo" "$folder" && rm -rf -- "$folder/.git" && cd -- "$folder" && git init -q && sync
}

# kilobytes: what the files of `.git` take on the disk, in blocks, without kehu's own cache. The 256 folders of
# git's objects, 1 MB in all, come once, with the first few hundred commits.
kilobytes() { find "$repo/.git" -path "$repo/.git/kehu" -prune -o -type f -printf '%b\n' | awk '{ sum += $1 } END { printf "%d", sum / 2 }'; }
# object_bytes: the length of git's objects.
object_bytes() { du -sb "$repo/.git/objects" | cut -f 1; }

followups_made=0
add_followup() {
  followups_made=$((followups_made + 1))
  "$kehu" -C "$repo" followup add at="2026-06-29 10:$((10 + followups_made))" subject="$lead" method=电话 \
    points="第 $followups_made 次" outcome=积极 no_next=已结束 author=li.ming
}

# grown WORK COMMAND…: measures a command that commits, ten times, and how `.git` grows by it.
grown() {
  local work_told=$1 blocks bytes
  shift
  blocks=$(kilobytes) bytes=$(object_bytes)
  sample 10 "$@"
  blocks=$((($(kilobytes) - blocks) / runs)) bytes=$((($(object_bytes) - bytes) / runs))
  row "\`$work_told\`, median of ten" "$(time_of "$median"), best $(time_of "$best"), mean $(time_of "$mean")" '' '≤ 100 ms' "$(at_most "$median" 100000)"
  row '… `.git` grows by' "$blocks KB on the disk, $bytes bytes of objects" '' '≤ 60 KB' "$(at_most "$blocks" 60)"
}

"$TARGET/examples/make_bulk" "$count" "$work"
head_row "$count leads and follow-ups" figure ratio must verdict

measure "$RUNS" next_repository "$kehu" lead import "$work/leads.csv"
import=$elapsed import_cpu=$cpu import_memory=$memory megabytes=$(($(kilobytes) / 1024))
measure "$RUNS" next_plain bash -c 'git add . && git commit -q -m all'
row '`git add . && git commit` of these files' "$(time_of "$elapsed"), $cpu s cpu" 1 '' ''
share=$(ratio "$import" "$elapsed")
row '`lead import`, all checks, committed' "$(time_of "$import"), $import_cpu s cpu" "$share of git" '≤ 0.5 of git' "$(at_most "$share" 0.5)"
row '… peak memory' "$import_memory MB" '' '≤ 600 MB' "$(at_most "$import_memory" 600)"
row '… `.git`' "$megabytes MB" '' '≤ 70 MB' "$(at_most "$megabytes" 70)"

measure 1 sync "$kehu" -C "$repo" followup import "$work/followups.csv"
row '`followup import`' "$(time_of "$elapsed"), $cpu s cpu, $memory MB" '' '' ''

measure 7 : git -C "$repo" status
status=$elapsed
row "\`git status\`, $((2 * count)) records" "$(time_of "$status"), $cpu s cpu" 1 '' ''
for command in 'lead list --where grade=A' 'report weekly'; do
  "$kehu" -C "$repo" $command >/dev/null
  measure 7 : "$kehu" -C "$repo" $command
  warm=$elapsed share=$(ratio "$elapsed" "$status")
  row "\`$command\`, warm" "$(time_of "$warm"), $cpu s cpu, $memory MB" "$share of \`git status\`" '≤ 2 of `git status`' "$(at_most "$share" 2)"
  measure 3 "rm -f '$repo'/.git/kehu/index.sqlite*" "$kehu" -C "$repo" $command
  share=$(ratio "$elapsed" "$warm")
  row '… cold' "$(time_of "$elapsed"), $cpu s cpu, $memory MB" "$share of warm" '≤ 6 of warm' "$(at_most "$share" 6)"
done

lead=LEAD-2026-$(printf %03d $(((count + 1) / 2)))
# What any program takes to be started from here, and ended, is the shell's and the system's.
sample 50 "$(type -P true)"
start=$median
row '`true`, which does nothing, median of fifty' "$(time_of "$start")" '' '' ''
sample 50 "$kehu" --version
row '`--version`, median of fifty, beyond that' "$(time_of $((median - start)))" '' '≤ 5 ms' "$(at_most $((median - start)) 5000)"
"$kehu" -C "$repo" lead show "$lead" >/dev/null
sample 20 "$kehu" -C "$repo" lead show "$lead"
row '`lead show`, median of twenty, beyond that' "$(time_of $((median - start)))" '' '≤ 15 ms' "$(at_most $((median - start)) 15000)"
add_lead >/dev/null
grown 'lead add' add_lead
grown 'followup add' add_followup
machine
echo "What must hold is meant for 100000 leads on 2 cores."
