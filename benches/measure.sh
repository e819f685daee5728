# Shared by the scripts beside: a folder to work in, stop-watches, rows of a Markdown table. Sourced, not run.
#
# `open_bench [FOLDER]` comes first. Times are whole microseconds in variables, seconds or milliseconds in
# print. What is short is run several times and the fastest run counts, so that another process at work
# does not; with ONCE=1 everything is run once, to try the scripts themselves.
# shellcheck shell=bash
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
: "${TARGET:=$here/target/release}"
kehu=$TARGET/kehu
[[ -x $kehu && -x $TARGET/examples/make_bulk ]] ||
  { echo "first: cargo build --release --bin kehu --example make_bulk" >&2 && exit 1; }
[[ -x /usr/bin/time ]] || { echo "first: install GNU time" >&2 && exit 1; }

# open_bench [FOLDER]: sets `work` to the folder, else to a temporary one that is removed at the end, and
# takes away everything of the person who measures: no configuration, a fixed clock, a fixed name.
open_bench() {
  if (($# > 0)); then
    mkdir -p -- "$1"
    work=$(cd -- "$1" && pwd)
  else
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
  fi
  unset KEHU_REPO KEHU_USER GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE XDG_CONFIG_HOME
  export HOME=$work LC_ALL=C.UTF-8 TZ=Asia/Shanghai KEHU_LANG=en KEHU_NOW=2026-06-30T09:00:00+08:00
  export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$work/.gitconfig
  git config --global user.name bench
  git config --global user.email bench@example.com
  git config --global gc.auto 0
  git config --global init.defaultBranch main
}

# next_folder NAME: sets `folder` to one that was not there before. Nothing large is removed before the end:
# whenever ext4 looks for a new inode, it passes one by one over those that were freed in the last minutes.
next_folder() {
  local at=1
  while [[ -e $work/$1-$at ]]; do at=$((at + 1)); done
  folder=$work/$1-$at
}

# new_repository FOLDER: makes a repository with the users and products that the leads name.
new_repository() {
  "$kehu" init "$1" -q
  "$kehu" -C "$1" -q user import "$here/examples/users.csv" >/dev/null
  "$kehu" -C "$1" -q product import "$here/examples/products.csv" >/dev/null
}

# many_commits COMMITS RECORDS FOLDER PREFIX RECORD: adds to `repo` so many records, PREFIX-001 and on, in one commit, then
# commits that change them in turn. RECORD is the body of an awk function of `n`, which record it is, and `at`, the number
# of the commit: it returns the text of the file.
many_commits() {
  awk -v commits="$1" -v records="$2" -v folder="$3" -v prefix="$4" "function record(n, at) { $5 }"'
    function path(n,   number) {
      number = sprintf("%s-%03d", prefix, n)
      return n < 1000 ? folder "/" number ".toml" : sprintf("%s/%03dxxx/%s.toml", folder, int(n / 1000), number)
    }
    function put(n, at) {
      print "M 100644 inline " path(n) "\ndata <<END_OF_FILE\n" record(n, at) "END_OF_FILE"
    }
    function commit(at, subject) {
      print "commit refs/heads/main\ncommitter bench <bench@example.com> " 1780000000 + at * 60 " +0800"
      print "data <<END_OF_TEXT\n" subject "\n\nKehu-Op: bench-" at "\nEND_OF_TEXT"
      if (at == 0) print "from refs/heads/main^0"
    }
    BEGIN {
      commit(0, "import " records)
      for (n = 1; n <= records; n++) put(n, 0)
      for (at = 1; at <= commits; at++) { commit(at, "set " prefix); put((at * 7) % records + 1, at) }
    }' | git -C "$repo" fast-import --quiet
  git -C "$repo" reset -q --hard
}

# measure RUNS BEFORE COMMAND…: runs BEFORE, unmeasured, then COMMAND, so many times; sets `elapsed` and
# `cpu` (user and system, in seconds) of the fastest run, and `memory`, the most of any, in MB.
measure() {
  local runs=${ONCE:+1} before=$2 run start took user sys kilobytes
  : "${runs:=$1}"
  shift 2
  elapsed='' cpu=0 memory=0
  for ((run = 0; run < runs; run++)); do
    eval "$before"
    start=${EPOCHREALTIME/[.,]/}
    /usr/bin/time -o "$work/time" -f '%U %S %M' "$@" >"$work/out" 2>"$work/err" ||
      { echo "failed: $*" >&2 && tail -n 20 "$work/err" >&2 && exit 1; }
    took=$((${EPOCHREALTIME/[.,]/} - start))
    read -r user sys kilobytes < <(tail -n 1 "$work/time")
    ((kilobytes / 1024 > memory)) && memory=$((kilobytes / 1024))
    if [[ -z $elapsed ]] || ((took < elapsed)); then
      elapsed=$took cpu=$(awk "BEGIN { printf \"%.2f\", $user + $sys }")
    fi
  done
}

# sample RUNS COMMAND…: for what takes milliseconds; sets `best`, `median` and `mean` of the `runs`.
# The command may be a function.
sample() {
  local run start all=()
  runs=${ONCE:+1}
  : "${runs:=$1}"
  shift
  for ((run = 1; run <= runs; run++)); do
    start=${EPOCHREALTIME/[.,]/}
    "$@" >"$work/out" 2>"$work/err" || { echo "failed: $*" >&2 && tail -n 20 "$work/err" >&2 && exit 1; }
    all+=($((${EPOCHREALTIME/[.,]/} - start)))
  done
  mapfile -t all < <(printf '%s\n' "${all[@]}" | sort -n)
  best=${all[0]} median=${all[runs / 2]} mean=$(($(IFS=+ && echo "$((${all[*]}))") / runs))
}

# next_lead: sets `new_lead` to a command that adds another lead to `repo` each time; add_lead runs it.
leads_made=0
next_lead() {
  leads_made=$((leads_made + 1))
  new_lead=("$kehu" -C "$repo" lead add company="测试公司$leads_made" phone="190$(printf %08d "$leads_made")"
    contact_name=测试 region=浙江 source=展会 acquired_on=2026-03-12 intent=有兴趣)
}
add_lead() { next_lead && "${new_lead[@]}"; }

# time_of MICROSECONDS: in seconds, or in milliseconds where it is less than one.
time_of() { awk "BEGIN { if ($1 >= 1000000) printf \"%.2f s\", $1 / 1000000; else printf \"%.1f ms\", $1 / 1000 }"; }

# ratio A B: A divided by B, two digits behind the point.
ratio() { awk "BEGIN { printf \"%.2f\", $1 / ($2 > 0 ? $2 : 1) }"; }

# at_most VALUE LIMIT, at_least VALUE LIMIT: the verdict.
at_most() { awk "BEGIN { print ($1 <= $2 ? \"pass\" : \"**fail**\") }"; }
at_least() { awk "BEGIN { print ($1 >= $2 ? \"pass\" : \"**fail**\") }"; }

# row CELL…: a row of the table.
row() {
  local cell
  for cell in "$@"; do printf '| %s ' "$cell"; done
  echo '|'
}

# head_row CELL…: the head of the table.
head_row() {
  row "$@"
  printf '| --- %.0s' "$@"
  echo '|'
}

# machine: what it was measured on, in a line below the table.
machine() {
  local model system
  model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
  system=$(findmnt -n -o FSTYPE -T "$work" 2>/dev/null || stat -f -c %T "$work")
  echo
  echo "$(nproc) cores of ${model:-$(uname -m)}, $system, Linux $(uname -r), $("$kehu" --version), $(git --version)."
}
