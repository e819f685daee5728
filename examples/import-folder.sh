#!/usr/bin/env bash
# Imports every spreadsheet of leads that lies in a folder, each as one commit, without asking anything:
#
#   import-folder.sh REPO INBOX
#
#   INBOX/done/      files that were imported, with the result beside each as NAME.json
#   INBOX/rejects/   the rows that were rejected, in the format of their file, each with its reason;
#                    mend them, move the file back to INBOX and run again
#   INBOX/failed/    files that could not be read at all, with what kehu said beside each as NAME.txt
#
# A file may come twice: what is there already is left alone. One line per file goes to stdout. When
# another kehu is writing, the file stays where it is for the next run.
#
# Exit code: 0 everything is imported; 3 some rows were rejected; 1 a file failed or has to wait.
set -euo pipefail
shopt -s nullglob nocaseglob

if (($# != 2)); then
  echo "usage: ${0##*/} REPO INBOX" >&2
  exit 2
fi
repo=$1
inbox=$2
: "${KEHU:=kehu}" # the program, where it is not in PATH
if [[ ! -d $inbox ]]; then
  echo "no such folder: $inbox" >&2
  exit 2
fi
mkdir -p -- "$inbox/done" "$inbox/rejects" "$inbox/failed"

# Prints where to put a file so that nothing of that name is overwritten: a.csv, a.2.csv, …
free_path() {
  local folder=$1 name=$2 count=1 path
  path=$folder/$name
  while [[ -e $path ]]; do
    count=$((count + 1))
    path=$folder/${name%.*}.$count.${name##*.}
  done
  printf '%s\n' "$path"
}

rejected=0
failed=0
result=$(mktemp)
said=$(mktemp)
trap 'rm -f -- "$result" "$said"' EXIT

for file in "$inbox"/*.{csv,tsv,xlsx,xls,xlsb,ods,json,jsonl}; do
  name=${file##*/}
  # Lock files of office programs, and what is still being copied here under a hidden name.
  if [[ ! -f $file || $name == '~$'* || $name == .* ]]; then
    continue
  fi
  rejects=$(free_path "$inbox/rejects" "$name")
  code=0
  "$KEHU" -C "$repo" lead import "$file" --json --rejects "$rejects" >"$result" 2>"$said" || code=$?
  case $code in
    0 | 3)
      target=$(free_path "$inbox/done" "$name")
      mv -- "$file" "$target"
      cp -- "$result" "$target.json"
      if ((code == 3)); then
        rejected=1
        echo "$name: imported, some rows rejected: $rejects"
      else
        echo "$name: imported"
      fi
      ;;
    9)
      failed=1
      echo "$name: another kehu is writing, left for the next run"
      ;;
    2 | 7 | 10 | 11)
      # Not the file's fault: every other one would fail alike.
      cat -- "$said" >&2
      exit "$code"
      ;;
    *)
      failed=1
      # Asked once more without --json, for the reason in plain words.
      "$KEHU" -C "$repo" --dry-run lead import "$file" >/dev/null 2>"$said" || true
      target=$(free_path "$inbox/failed" "$name")
      mv -- "$file" "$target"
      cp -- "$said" "$target.txt"
      echo "$name: not imported, see $target.txt"
      ;;
  esac
done

if ((failed)); then
  exit 1
fi
exit $((rejected * 3))
