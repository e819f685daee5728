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

# stream: what git fast-import reads: the leads in one commit, then the commits that change them in turn.
stream() {
  awk -v commits="$commits" -v leads="$leads" '
    function path(n) {
      number = sprintf("LEAD-2026-%03d", n)
      return n < 1000 ? "leads/2026/" number ".toml" : sprintf("leads/2026/%03dxxx/%s.toml", int(n / 1000), number)
    }
    function lead(n, at,   text) {
      text = "status = \"working\"\ncompany = \"测试公司" n "\"\nphone = \"139" sprintf("%08d", n) "\"\n"
      text = text "region = \"浙江\"\nsource = \"exhibition\"\nacquired_on = 2026-03-12\nremark = \"第 " at " 次\"\n"
      print "M 100644 inline " path(n) "\ndata <<END_OF_FILE\n" text "END_OF_FILE"
    }
    function commit(at, subject) {
      print "commit refs/heads/main\ncommitter bench <bench@example.com> " 1780000000 + at * 60 " +0800"
      print "data <<END_OF_TEXT\n" subject "\n\nKehu-Op: bench-" at "\nEND_OF_TEXT"
      if (at == 0) print "from refs/heads/main^0"
    }
    BEGIN {
      commit(0, "lead: import " leads)
      for (n = 1; n <= leads; n++) lead(n, 0)
      for (at = 1; at <= commits; at++) { commit(at, "lead: set remark"); lead((at * 7) % leads + 1, at) }
    }'
}
stream | git -C "$repo" fast-import --quiet
git -C "$repo" reset -q --hard

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
