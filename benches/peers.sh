#!/usr/bin/env bash
# Measures kehu beside its peers on the same records, in one run, and prints one table.
#
#   cargo build --release --bin kehu --example make_bulk && benches/peers.sh [COUNT] [FOLDER]
#
# COUNT leads (100000 unless given) and as many follow-ups are imported into kehu; what it then exports
# goes to the peers: GNU recutils (one .rec file), SQLite (one database), Taskwarrior (a task for each lead)
# and git (the same files). kehu computes the grade when it is asked; the peers get it as a stored column, so
# theirs is the easier task. A peer that is not installed is left out: apt-get install recutils sqlite3
# taskwarrior.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
count=${1:-100000}
shift "$(($# > 0))"
open_bench "$@"
repo=$work/kehu-data plain=$work/git-data rec=$work/data.rec db=$work/data.sqlite
works=('take in the leads' 'list grade A' 'weekly figures' 'show one lead' 'add one lead' 'what is not committed')
peers=(kehu git recutils SQLite Taskwarrior)
declare -A cells times

# took WORK PEER: keeps what was measured, and how it compares to kehu.
took() {
  times[$1,$2]=$elapsed
  cells[$1,$2]=$(time_of "$elapsed")
  [[ $2 == kehu ]] || cells[$1,$2]+=" (×$(ratio "$elapsed" "${times[$1,kehu]}"))"
}

installed() { command -v "$1" >/dev/null; }

with_kehu() {
  "$TARGET/examples/make_bulk" "$count" "$work"
  measure 1 "new_repository '$repo' && sync" "$kehu" -C "$repo" lead import "$work/leads.csv"
  took 'take in the leads' kehu
  "$kehu" -C "$repo" -q followup import "$work/followups.csv" >/dev/null
  rm -rf -- "$plain"
  cp -a "$repo" "$plain"
  rm -rf -- "$plain/.git"
  lead=LEAD-2026-$(printf %03d $(((count + 1) / 2)))
  measure 5 : "$kehu" -C "$repo" lead list --where grade=A -o csv
  took 'list grade A' kehu
  measure 5 : "$kehu" -C "$repo" report weekly --week last -o csv
  took 'weekly figures' kehu
  measure 9 : "$kehu" -C "$repo" lead show "$lead"
  took 'show one lead' kehu
  sample 9 add_lead
  elapsed=$median && took 'add one lead' kehu
  measure 5 : "$kehu" -C "$repo" status
  took 'what is not committed' kehu
}

# export_csv NOUN HEADING COLUMNS: writes what kehu shows of records for the peers.
export_csv() {
  echo "$2" >"$work/$1.csv"
  "$kehu" -C "$repo" "$1" list --columns "$3" -o csv | tail -n +2 >>"$work/$1.csv"
}

# same_count FOUND: refuses a peer that found other leads than kehu did.
same_count() {
  (($1 == grade_a)) || { echo "$1 leads of grade A found, not $grade_a" >&2 && exit 1; }
}

with_git() {
  # The leads alone, as kehu imported them.
  measure 1 "git -C '$plain' init -q && sync" bash -c "cd '$plain' && git add leads && git commit -q -m leads"
  took 'take in the leads' git
  git -C "$plain" add . && git -C "$plain" commit -q -m all
  measure 9 : cat "$plain/$(git -C "$plain" ls-files "leads/*$lead.toml")"
  took 'show one lead' git
  add_file() { date +%s%N >"$plain/leads/2026/new.toml" && git -C "$plain" add leads/2026/new.toml && git -C "$plain" commit -q -m new; }
  sample 9 add_file
  elapsed=$median && took 'add one lead' git
  measure 5 : git -C "$plain" status
  took 'what is not committed' git
}

with_recutils() {
  measure 1 sync bash -c "csv2rec -t Lead '$work/lead.csv' >'$rec'"
  took 'take in the leads' recutils
  { echo && csv2rec -t Followup "$work/followup.csv"; } >>"$rec"
  same_count "$(recsel -t Lead -e "Grade = 'A'" -c "$rec")"
  measure 3 : recsel -t Lead -e "Grade = 'A'" "$rec"
  took 'list grade A' recutils
  # Its own grouping, `-G`, took half a minute for 2500 records; sort and uniq count for it.
  measure 3 : bash -c "recsel -t Lead -e \"Acquired_on ~ '2026-06-2[2-8]'\" -R Owner,Grade '$rec' | sort | uniq -c &&
    recsel -t Followup -e \"At ~ '2026-06-2[2-8]'\" -R Author '$rec' | sort | uniq -c"
  took 'weekly figures' recutils
  measure 3 : recsel -t Lead -e "Number = '$lead'" "$rec"
  took 'show one lead' recutils
  measure 3 : recins -t Lead -f Number -v LEAD-NEW -f Company -v 测试公司 -f Phone -v 19000000000 "$rec"
  took 'add one lead' recutils
}

with_sqlite() {
  measure 1 "rm -f '$db' && sync" sqlite3 "$db" '.mode csv' ".import '$work/lead.csv' lead" \
    'CREATE UNIQUE INDEX lead_number ON lead (Number); CREATE INDEX lead_phone ON lead (Phone);'
  took 'take in the leads' SQLite
  sqlite3 "$db" '.mode csv' ".import '$work/followup.csv' followup"
  same_count "$(sqlite3 "$db" "SELECT count(*) FROM lead WHERE Grade = 'A'")"
  measure 5 : sqlite3 -csv "$db" "SELECT * FROM lead WHERE Grade = 'A'"
  took 'list grade A' SQLite
  measure 5 : sqlite3 -csv "$db" "SELECT Owner, Grade, count(*) FROM lead
    WHERE Acquired_on BETWEEN '2026-06-22' AND '2026-06-28' GROUP BY Owner, Grade;
    SELECT Author, count(*) FROM followup WHERE At BETWEEN '2026-06-22' AND '2026-06-29' GROUP BY Author;"
  took 'weekly figures' SQLite
  measure 9 : sqlite3 "$db" "SELECT * FROM lead WHERE Number = '$lead'"
  took 'show one lead' SQLite
  measure 5 : sqlite3 "$db" "INSERT INTO lead (Number, Company, Phone) VALUES ('NEW-' || hex(randomblob(8)), '测试公司', '19000000000')"
  took 'add one lead' SQLite
}

with_taskwarrior() {
  export TASKRC=$work/taskrc TASKDATA=$work/task
  rm -rf -- "$TASKDATA"
  mkdir -p "$TASKDATA"
  echo 'confirmation=off' >"$TASKRC"
  "$kehu" -C "$repo" lead list --columns number,company,acquired_on,grade -o tsv | tail -n +2 |
    awk -F '\t' '{ gsub(/-/, "", $3)
      printf "{\"description\":\"%s %s\",\"entry\":\"%sT000000Z\",\"project\":\"%s\"}\n", $1, $2, $3, $4 }' >"$work/tasks.json"
  measure 1 sync task rc.verbose=nothing import "$work/tasks.json"
  took 'take in the leads' Taskwarrior
  same_count "$(task rc.verbose=nothing project:A count)"
  measure 2 : task rc.verbose=nothing project:A list
  took 'list grade A' Taskwarrior
  measure 2 : task rc.verbose=nothing ghistory.weekly
  took 'weekly figures' Taskwarrior
  measure 2 : task rc.verbose=nothing $((count / 2 + 1)) info
  took 'show one lead' Taskwarrior
  measure 3 : task rc.verbose=nothing add project:B 测试公司 19000000000
  took 'add one lead' Taskwarrior
}

with_kehu
grade_a=$("$kehu" -C "$repo" lead list --where grade=A --count)
export_csv lead Number,Status,Company,Contact_name,Phone,Email,Region,Staff,Product,Need,Budget_min,Budget_max,Source,Acquired_on,Owner,Remark,Grade \
  number,status,company,contact_name,phone,email,region,staff,product,need,budget_min,budget_max,source,acquired_on,owner,remark,grade
export_csv followup Number,At,Subject,Method,Outcome,Points,Author number,at,subject,method,outcome,points,author
missing=()
for peer in git:git recutils:recsel SQLite:sqlite3 Taskwarrior:task; do
  name=${peer%:*}
  if installed "${peer#*:}"; then "with_${name,,}"; else missing+=("$name"); fi
done

head_row "$count leads and follow-ups" "${peers[@]}" must verdict
for told in "${works[@]}"; do
  must='' verdict=''
  if [[ $told =~ ^(list|weekly) && -n ${times[$told,recutils]-} ]]; then
    must='5 × faster than recutils'
    verdict=$(at_least "$(ratio "${times[$told,recutils]}" "${times[$told,kehu]}")" 5)
  fi
  line=("$told")
  for peer in "${peers[@]}"; do line+=("${cells[$told,$peer]-}"); done
  row "${line[@]}" "$must" "$verdict"
done
machine
((${#missing[@]} == 0)) || echo "Not installed, so left out: ${missing[*]}."
