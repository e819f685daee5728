#!/usr/bin/env bash
# Measures the morning's list of everybody beside `git status`, and prints a table.
#
#   cargo build --release --bin kehu --example make_bulk && benches/due.sh [COUNT [FOLDER]]
#
# COUNT leads (100000 unless given), a fifth as many customers, and twice as many follow-ups, those of the leads each
# once in the year's first half and once in its last month. FOLDER is kept, else a temporary one is used and removed.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
count=${1:-100000}
open_bench "${@:2}"
next_folder due
repo=$folder
new_repository "$repo"

"$TARGET/examples/make_bulk" "$count" "$work"
mkdir -p "$work/june"
"$TARGET/examples/make_bulk" "$count" "$work/june" 2026-06
awk -v count="$((count / 5))" 'BEGIN {
  print "公司名称,联系人,工作电话,地区,来源,客户类型,客户类别,建档日期,负责人"
  split("li.ming zhang.wei wang.fang chen.jie", people, " ")
  split("潜在 意向 成交", types, " ")
  for (n = 1; n <= count; n++)
    printf "客户公司%d,采购,137%08d,浙江 杭州,展会,%s,B2B,2026-0%d-01,%s\n", n, n, types[n % 3 + 1], n % 5 + 1, people[n % 4 + 1]
}' >"$work/customers.csv"

"$kehu" -C "$repo" -q lead import "$work/leads.csv" >/dev/null
"$kehu" -C "$repo" -q customer import "$work/customers.csv" >/dev/null
for part in "$work" "$work/june"; do "$kehu" -C "$repo" -q followup import "$part/followups.csv" >/dev/null || (($? == 3)); done
counted=$(git -C "$repo" ls-files leads customers followups | cut -d / -f 1 | sort | uniq -c | awk '{ printf "%s%d %s", sep, $1, $2; sep = ", " }')
head_row "$counted" figure ratio must verdict
measure 7 : git -C "$repo" status
status=$elapsed
row '`git status`' "$(time_of "$status"), $cpu s cpu" 1 '' ''
for owner in all li.ming; do
  "$kehu" -C "$repo" due --owner "$owner" >/dev/null
  measure 7 : "$kehu" -C "$repo" due --owner "$owner" -o "$work/due.csv"
  share=$(ratio "$elapsed" "$status")
  row "\`due --owner $owner\`, warm, $(wc -l <"$work/due.csv") lines" "$(time_of "$elapsed"), $cpu s cpu, $memory MB" "$share of \`git status\`" '≤ 3 of `git status`' "$(at_most "$share" 3)"
done
