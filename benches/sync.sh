#!/usr/bin/env bash
# Measures how long `kehu sync` takes to merge, beside `git merge-tree`, and prints a table.
#
#   cargo build --release --bin kehu --example make_bulk --example merge_trees && benches/sync.sh [COUNT [CHANGED]]
#
# Two clones of a repository with COUNT leads (100000 unless given) change CHANGED of them each (1000): others
# than the other, or the same ones in other fields. `git merge-tree --write-tree` merges the two commits as text. What is
# compared with it is what kehu does between fetching and writing, looking for hand edits included; whole
# syncs, with fetch, commit, files and push, stand below for those who wonder.
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/measure.sh"
count=${1:-100000} changed=${2:-1000}
[[ -x $TARGET/examples/merge_trees ]] || { echo "first: cargo build --release --example merge_trees" >&2 && exit 1; }
open_bench
git config --global merge.renames false

# numbers FROM: the numbers of leads that are changed, one every COUNT / CHANGED from FROM on.
numbers() {
  local n step=$((count / changed))
  for ((n = $1; n < count && (n - $1) / step < changed; n += step)); do printf 'LEAD-2026-%03d\n' "$n"; done
}

# change FOLDER FROM FIELD: changes a field of those leads.
change() {
  local all
  mapfile -t all < <(numbers "$2")
  "$kehu" -C "$1" -q lead set "${all[@]}" "$3=changed for the measurement" --expect "${#all[@]}" >/dev/null
}

# merge_tree FOLDER: merges as git does by itself, not by our merge driver; that texts conflict is no failure.
merge_tree() { git -C "$1" merge-tree --write-tree HEAD origin/main || (($? == 1)); }

repo=$work/a
"$TARGET/examples/make_bulk" "$count" "$work"
new_repository "$repo"
"$kehu" -C "$repo" -q lead import "$work/leads.csv" >/dev/null
git init -q --bare "$work/remote.git"
git -C "$repo" remote add origin "$work/remote.git"
"$kehu" -C "$repo" -q sync >/dev/null
git clone -q "$work/remote.git" "$work/b"
base=$(git -C "$repo" rev-parse HEAD)

head_row case 'git merge-tree' 'merge of kehu' ratio 'at most' verdict 'came, joined, went' 'whole sync'
for case in others same; do
  for clone in a b; do git -C "$work/$clone" reset -q --hard "$base"; done
  git -C "$work/remote.git" update-ref refs/heads/main "$base"
  from=2
  [[ $case == others ]] && from=$((2 + count / changed / 2))
  change "$work/b" "$from" need
  "$kehu" -C "$work/b" -q sync >/dev/null
  change "$repo" 2 remark
  git -C "$repo" fetch -q origin
  mkdir -p "$repo/.git/info"
  echo '*.toml !merge' >"$repo/.git/info/attributes"
  sample 5 merge_tree "$repo"
  git_time=$best
  rm "$repo/.git/info/attributes"
  theirs=$(git -C "$repo" rev-parse origin/main)
  "$TARGET/examples/merge_trees" "$repo" "$theirs" "${ONCE:-5}" >"$work/merged"
  read -r own came met went <"$work/merged"
  measure 1 : "$kehu" -C "$repo" -q sync
  row "$case" "$(time_of "$git_time")" "$(time_of "$own")" "$(ratio "$own" "$git_time")" 3 \
    "$(at_most "$(ratio "$own" "$git_time")" 3)" "$came, $met, $went" "$(time_of "$elapsed")"
done
machine
