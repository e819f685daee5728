#!/usr/bin/env bash
# Measures how time and memory grow with the number of records, and prints a table.
#
#   cargo build --release --bin kehu --example make_bulk && benches/growth.sh [COUNT…]
#
# Each COUNT (1000 10000 100000 300000 unless given) has a repository of its own, with as many leads and
# as many follow-ups. Beside each figure stands by how much it is that of the count before. Work on all
# records may grow as their number does, work on one must stay flat; a quarter more, or 5 ms, is left
# to chance.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
(($# > 0)) || set -- 1000 10000 100000 300000
open_bench
declare -A times memories

# keep WORK: keeps what `measure` found.
keep() { times[$1]+=" $elapsed" memories[$1]+=" $memory"; }

for count in "$@"; do
  repo=$work/kehu-$count
  "$TARGET/examples/make_bulk" "$count" "$work"
  measure 1 "new_repository '$repo' && sync" "$kehu" -C "$repo" lead import "$work/leads.csv"
  keep 'lead import'
  "$kehu" -C "$repo" -q followup import "$work/followups.csv" >/dev/null
  for command in 'lead list --where grade=A' 'report weekly'; do
    "$kehu" -C "$repo" $command >/dev/null
    measure 5 : "$kehu" -C "$repo" $command
    keep "$command"
  done
  lead=LEAD-2026-$(printf %03d $(((count + 1) / 2)))
  measure 9 : "$kehu" -C "$repo" lead show "$lead"
  keep 'lead show'
  next_lead
  measure 1 : "${new_lead[@]}"
  sample 9 add_lead
  elapsed=$median
  keep 'lead add'
done

# may_grow WORK RECORDS: by how much the time of a work may grow when the records do.
may_grow() { case $1 in 'lead show' | 'lead add') echo 1 ;; *) echo "$2" ;; esac; }

head_row work records time memory 'records ×' 'time ×' 'memory ×' verdict
for command in 'lead import' 'lead list --where grade=A' 'report weekly' 'lead show' 'lead add'; do
  read -ra time_all <<<"${times[$command]}"
  read -ra memory_all <<<"${memories[$command]}"
  before=''
  for ((at = 0; at < $#; at++)); do
    counts=("$@") time=${time_all[at]} memory=${memory_all[at]} told=('' '' '' '')
    if [[ -n $before ]]; then
      records=$(ratio "${counts[at]}" "${counts[at - 1]}")
      limit=$(awk "BEGIN { print $before * $(may_grow "$command" "$records") * 1.25 + 5000 }")
      told=("$records" "$(ratio "$time" "$before")" "$(ratio "$memory" "${memory_all[at - 1]}")" "$(at_most "$time" "$limit")")
    fi
    row "\`$command\`" "${counts[at]}" "$(time_of "$time")" "$memory MB" "${told[@]}"
    before=$time
  done
done
machine
