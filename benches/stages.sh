#!/usr/bin/env bash
# Measures the funnel with its days in stage over many commits, first and warm, and prints a table.
#
#   cargo build --release --bin kehu --example make_bulk && benches/stages.sh [COMMITS [FOLDER]]
#
# COMMITS (20000 unless given) bring one of 2000 opportunities each to its other stage. FOLDER is kept, else a
# temporary one is used and removed.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
commits=${1:-20000}
open_bench "${@:2}"
deals=2000
next_folder stages
repo=$folder
new_repository "$repo"

# stream: what git fast-import reads: the opportunities in one commit, then the commits that move them in turn.
stream() {
  awk -v commits="$commits" -v deals="$deals" '
    function path(n) {
      number = sprintf("OPP-2026-%03d", n)
      return n < 1000 ? "opportunities/2026/" number ".toml" : sprintf("opportunities/2026/%03dxxx/%s.toml", int(n / 1000), number)
    }
    function deal(n,   text) {
      text = "stage = \"" (moved[n]++ % 2 ? "proposal" : "needs") "\"\nname = \"测试商机" n "\"\n"
      text = text "customer = \"B2B-2026-001\"\nowner = \"bench\"\nopened_on = 2026-03-12\namount = " 1000 + moved[n] ".00\n"
      print "M 100644 inline " path(n) "\ndata <<END_OF_FILE\n" text "END_OF_FILE"
    }
    function commit(at, subject) {
      print "commit refs/heads/main\ncommitter bench <bench@example.com> " 1780000000 + at * 60 " +0800"
      print "data <<END_OF_TEXT\n" subject "\n\nKehu-Op: bench-" at "\nEND_OF_TEXT"
      if (at == 0) print "from refs/heads/main^0"
    }
    BEGIN {
      commit(0, "opportunity: import " deals)
      for (n = 1; n <= deals; n++) deal(n)
      for (at = 1; at <= commits; at++) { commit(at, "opportunity: set stage"); deal((at * 7) % deals + 1) }
    }'
}
stream | git -C "$repo" fast-import --quiet
git -C "$repo" reset -q --hard

funnel=("$kehu" -C "$repo" report funnel)
measure 1 : "$kehu" -C "$repo" report pipeline
measure 1 : "${funnel[@]}"
first=$elapsed
sample 15 "${funnel[@]}"
warm=$median
sample 15 "$kehu" -C "$repo" report pipeline

head_row "$commits commits" figure must verdict
row '`kehu report pipeline`, without history' "$(time_of "$median")" '' ''
row '`kehu report funnel`, the first time' "$(time_of "$first")" '' ''
row '`kehu report funnel`' "$(time_of "$warm")" '≤ 1 s' "$(at_most "$warm" 1000000)"
machine
