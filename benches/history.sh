#!/usr/bin/env bash
# Measures the history of one record among many commits, beside `git log -- path`, and prints a table.
#
#   cargo build --release --bin kehu --example make_bulk && benches/history.sh [COMMITS [FOLDER]]
#
# COMMITS (20000 unless given) change one field of one of 2000 leads each; git has its commit-graph with
# changed-path filters. FOLDER is kept, else a temporary one is used and removed.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
commits=${1:-20000}
open_bench "${@:2}"
leads=2000
next_folder history
repo=$folder
new_repository "$repo"

many_commits "$commits" "$leads" leads/2026 LEAD-2026 '
  return "status = \"working\"\ncompany = \"测试公司" n "\"\nphone = \"139" sprintf("%08d", n) "\"\n" \
    "region = \"浙江\"\nsource = \"exhibition\"\nacquired_on = 2026-03-12\nremark = \"第 " at " 次\"\n"'

number=LEAD-2026-$(printf %03d $((leads / 4)))
path=leads/2026/$number.toml
measure 1 : git -C "$repo" commit-graph write --reachable --changed-paths
filters=$elapsed
measure 1 : "$kehu" -C "$repo" log "$number"
first=$elapsed
git -C "$repo" log -- "$path" >/dev/null
sample 15 git -C "$repo" log -- "$path"
git_log=$median

head_row "$commits commits" figure ratio must verdict
row '`git log -- path`, with changed-path filters' "$(time_of "$git_log")" '' '' ''
for command in "log $number" "blame $number" 'log --limit 20'; do
  # shellcheck disable=SC2086
  sample 15 "$kehu" -C "$repo" $command
  limit=$((3 * git_log))
  row "\`kehu ${command/$number/NUM}\`" "$(time_of "$median")" "$(ratio "$median" "$git_log")" '≤ 3.00' "$(at_most "$median" "$limit")"
done
"$kehu" -C "$repo" lead set "$number" remark=neu -q >/dev/null
measure 1 : "$kehu" -C "$repo" log "$number"
row '`kehu log NUM` after one more commit' "$(time_of "$elapsed")" "$(ratio "$elapsed" "$git_log")" '' ''
row '`git commit-graph write --changed-paths`' "$(time_of "$filters")" '' '' ''
row '`kehu log NUM` for the first time' "$(time_of "$first")" "$(ratio "$first" "$filters")" '' ''
machine
