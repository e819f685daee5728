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

many_commits "$commits" "$deals" opportunities/2026 OPP-2026 '
  return "stage = \"" (moved[n]++ % 2 ? "proposal" : "needs") "\"\nname = \"测试商机" n "\"\n" \
    "customer = \"B2B-2026-001\"\nowner = \"bench\"\nopened_on = 2026-03-12\namount = " 1000 + moved[n] ".00\n"'

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
