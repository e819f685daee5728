#!/usr/bin/env bash
# Plays three days of a team through: two clones and a bare remote, three people who work offline.
#
#   teamwork.sh FOLDER
#
# FOLDER must not exist; `office`, `travel` and `team.git` in it stay to be looked at. Numbers collide and are
# given anew, an amount is in conflict and is settled, an import waits on a branch for its review, and the
# reports of last quarter come out as they did on its last day. Every step is checked: the exit code is 0
# when all was as it should be.
set -euo pipefail

if (($# != 1)) || [[ -e $1 ]]; then
  echo "usage: ${0##*/} FOLDER, one that does not exist" >&2
  exit 2
fi
: "${KEHU:=kehu}" # the program, where it is not in PATH
mkdir -p -- "$1"
cd -- "$1"
export KEHU_LANG=${KEHU_LANG:-zh}

# at DAY LOGIN CLONE COMMAND…: runs kehu as somebody on a day; git knows people by their address.
at() {
  local day=$1 login=$2 clone=$3
  shift 3
  printf '\n[%s %s %s]$ kehu %s\n' "$day" "$login" "$clone" "$*"
  GIT_AUTHOR_NAME=$login GIT_AUTHOR_EMAIL=$login@example.com GIT_COMMITTER_NAME=$login \
    GIT_COMMITTER_EMAIL=$login@example.com "$KEHU" -C "$clone" --now "$day" "$@"
}

# must_exit CODE COMMAND…: it has to end with this code.
must_exit() {
  local wanted=$1 code=0
  shift
  "$@" || code=$?
  ((code == wanted)) || { echo "exit code $code, not $wanted: $*" >&2 && exit 1; }
}

# must_hold COMMAND…: it has to succeed.
must_hold() { "$@" || { echo "does not hold: $*" >&2 && exit 1; }; }

# prints TEXT COMMAND…: shows what a command prints; TEXT has to be in it.
prints() {
  local text=$1 printed
  shift
  printed=$("$@")
  printf '%s\n' "$printed"
  [[ $printed == *"$text"* ]] || { echo "not printed: $text" >&2 && exit 1; }
}

echo '# 一、一个仓库，一个共享的远端，两个克隆'
at 2026-03-20T18:00:00+08:00 admin . demo office -q
git init -q --bare -b main team.git
git -C office remote add origin ../team.git
at 2026-03-20 zhang.wei office sync -q
git clone -q team.git travel

echo
echo '# 二、三个人各自离线工作：编号相同，金额不同'
at 2026-03-30 wang.fang office lead add 公司=示例山茶商贸有限公司 联系人=周 电话=13800139901 地区=武汉 来源=400热线 负责人=wang.fang
at 2026-03-30 zhang.wei office lead set LEAD-2026-005 预算上限=13万
at 2026-03-30 wang.fang office sync
at 2026-03-30 li.ming travel lead add 公司=示例木棉商贸有限公司 联系人=吴 电话=13800139902 地区=杭州 来源=展会 负责人=li.ming
at 2026-03-30 li.ming travel followup add LEAD-2026-078 方式=电话 要点=约定四月拜访 下一步行动=上门拜访 下次跟进日期=2026-04-07
at 2026-03-30 li.ming travel lead set LEAD-2026-005 预算上限=15万
must_exit 5 at 2026-03-30 li.ming travel sync
must_hold test -f travel/leads/2026/LEAD-2026-079.toml
prints LEAD-2026-079 at 2026-03-30 li.ming travel followup list --where 'subject = LEAD-2026-079' --columns number,subject,points
prints LEAD-2026-005 at 2026-03-31 zhang.wei travel conflicts
at 2026-03-31 zhang.wei travel resolve LEAD-2026-005.预算上限 --take ours
at 2026-03-31 zhang.wei travel sync -q
at 2026-03-31 wang.fang office sync
must_hold test "$(git -C office rev-parse HEAD)" = "$(git -C travel rev-parse HEAD)"
at 2026-03-31 admin office check

echo
echo '# 三、季度末的报表'
for report in weekly sources; do
  at 2026-03-31 admin office report "$report" -o "$report.md"
done

echo
echo '# 四、三百行的导入放在分支上，供评审'
{
  echo '公司,联系人,电话,地区,来源,意向,获取日期'
  for ((n = 1; n <= 300; n++)); do
    printf '示例展商%03d有限公司,联系人%03d,139%08d,浙江 宁波,展会,有兴趣,2026-04-08\n' "$n" "$n" "$n"
  done
} >expo.csv
at 2026-04-09 admin office lead import expo.csv --branch expo
must_hold test "$(git -C office status --porcelain | wc -l)" -eq 0
prints 300 at 2026-04-09 admin office diff main...expo -o markdown --limit 3
git -C office merge -q --no-edit expo
at 2026-04-09 admin office sync -q
at 2026-04-10 li.ming travel sync -q
prints 379 at 2026-04-10 admin travel lead list --count

echo
echo '# 五、上季度的报表：现在再看，与当天一字不差'
for report in weekly sources; do
  for clone in office travel; do
    at 2026-05-04 admin "$clone" report "$report" --as-of 2026-03-31 -o "$report.$clone.md"
  done
  must_hold cmp "$report.office.md" "$report.travel.md"
  at 2026-06-01 admin travel report "$report" --as-of 2026-03-31 -o "$report.again.md"
  must_hold cmp "$report.office.md" "$report.again.md"
done
echo
echo 'ok'
