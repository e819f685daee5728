#!/usr/bin/env bash
# Writes the weekly report of one week as a workbook and as Markdown, for cron:
#
#   0 7 * * 1  /opt/kehu/weekly-report.sh /srv/crm /srv/reports
#
#   weekly-report.sh REPO FOLDER [DAY]
#
# The week is the one the day before DAY (2026-03-23; today unless given) lies in: on a Monday the week
# just over. The same repository and the same DAY give the same files, byte for byte: DAY is handed
# to kehu as the present moment, and nothing else is read from the clock.
#
# Exit code: 0 both files are written; 3 they are, but some records could not be read (named on
# stderr); anything else, kehu has said why, and a file it could not write is as it was before.
set -euo pipefail

if (($# < 2 || $# > 3)); then
  echo "usage: ${0##*/} REPO FOLDER [DAY]" >&2
  exit 2
fi
repo=$1
folder=$2
day=${3:-$(date +%F)}
: "${KEHU:=kehu}" # the program, where it is not in PATH

if [[ ! $day =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]]; then
  echo "not a day: $day (wanted as 2026-03-23)" >&2
  exit 2
fi

# The day before DAY lies in the week wanted. GNU and BSD date disagree on how to say so.
week=$(date -d "$day 12:00 1 day ago" +%G-W%V 2>/dev/null ||
  date -j -v-1d -f '%Y-%m-%d' "$day" +%G-W%V 2>/dev/null) || {
  echo "no such day: $day" >&2
  exit 2
}

mkdir -p -- "$folder"
status=0
for ending in xlsx md; do
  code=0
  "$KEHU" -C "$repo" --now "$day" report weekly --week "$week" -o "$folder/weekly-$week.$ending" || code=$?
  case $code in
    0) ;;
    3) status=3 ;; # the report is written; the unreadable records are on stderr, which cron mails
    *) exit "$code" ;;
  esac
done
echo "$folder/weekly-$week.xlsx"
echo "$folder/weekly-$week.md"
exit "$status"
