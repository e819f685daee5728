#!/usr/bin/env bash
# Plays a week of a three-person team through, Monday 2026-03-09 to Friday 2026-03-13, in Chinese.
#
#   a-week.sh [FOLDER]
#
# FOLDER must not exist; without it the repository is in a temporary folder. It stays to be looked at.
# An administrator and two sales import leads, have them assigned, start each morning with what is due, follow
# up, convert, take a deal through its stages to a signed contract and a deposit, and end with the weekly report.
# Each figure of that report is then counted a second time, with a query anybody could type, and the script
# fails where the two are not the same. What roles and stages refuse is refused here, and the week goes on.
#
# Nothing is read from the clock or the network, so two runs print the same but for commit ids.
set -euo pipefail

if (($# > 1)) || [[ -e ${1:-} ]]; then
  echo "usage: ${0##*/} [FOLDER], one that does not exist" >&2
  exit 2
fi
: "${KEHU:=kehu}" # the program, where it is not in PATH
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
folder=${1:-$(mktemp -d)}
mkdir -p -- "$folder/示例软件有限公司" # a team is called as its folder is
repo=$(cd -- "$folder/示例软件有限公司" && pwd)
cp -- "$here/products.csv" "$here/a-week/"* "$work"
cd -- "$work"
export KEHU_LANG=zh

# day DATE NAME: the moments that follow are of this day.
day() {
  today=$1
  printf '\n# %s %s\n' "$2" "$1"
}

# run LOGIN TIME COMMAND…: runs kehu as somebody; git knows people by their address.
run() {
  local login=$1 time=$2
  shift 2
  GIT_AUTHOR_NAME=$login GIT_AUTHOR_EMAIL=$login@example.com GIT_COMMITTER_NAME=$login \
    GIT_COMMITTER_EMAIL=$login@example.com "$KEHU" -C "$repo" --now "${today}T$time:00+08:00" "$@"
}

# at LOGIN TIME COMMAND…: the same, told; stdout and stderr are in the order they come in.
at() {
  printf '\n[%s %s]$ kehu' "$1" "$2"
  printf ' %s' "${@:3}"
  printf '\n'
  run "$@" 2>&1
}

# refused CODE LOGIN TIME COMMAND…: it has to be refused with this code; the week goes on.
refused() {
  local wanted=$1 code=0
  shift
  at "$@" || code=$?
  ((code == wanted)) || { echo "exit code $code, not $wanted: $*" >&2 && exit 1; }
  echo "（被拒绝，退出码 $code）"
}

# due TIME LOGIN…: what is due for each of them.
due() {
  local time=$1 login
  for login in "${@:2}"; do at "$login" "$time" due; done
}

day 2026-03-09 星期一：准备、导入、分配
at zhang.wei 08:30 init -q
sed -i.bak 's/^# company = .*/company = "示例软件有限公司"/' "$repo/kehu.toml" && rm -- "$repo/kehu.toml.bak" # whose contracts they are
run zhang.wei 08:30 commit -q
at zhang.wei 08:31 user add zhang.wei 姓名=张伟 角色=管理员 部门=销售一部 邮箱=zhang.wei@example.com
at zhang.wei 08:32 user add li.ming 姓名=李明 角色=销售 部门=销售一部 上级=zhang.wei 资深=是 '负责区域=浙江;江苏' 邮箱=li.ming@example.com
at zhang.wei 08:33 user add chen.jie 姓名=陈洁 角色=销售 部门=销售一部 上级=zhang.wei 资深=否 '负责区域=广东;陕西;上海' 邮箱=chen.jie@example.com
at zhang.wei 08:34 product import products.csv
at zhang.wei 08:35 target plan li.ming 2026-Q1 销售=90万 回款=45万
at zhang.wei 08:36 target plan chen.jie 2026-Q1 销售=45万 回款=30万
at zhang.wei 08:40 lead import leads.csv
at zhang.wei 08:45 lead list --columns 编号,公司名称,地区,评分,级别,来源
at zhang.wei 08:50 lead assign --where '级别 in (A, B)' --auto --explain
at zhang.wei 08:50 lead assign --where '级别 in (A, B)' --auto --expect 5
due 09:00 li.ming chen.jie zhang.wei
refused 7 chen.jie 09:10 lead show LEAD-2026-001
at li.ming 10:00 followup add LEAD-2026-001 方式=电话 结果=积极 要点=两个车间都要上系统 下一步=上门演示 下次跟进日期=明天
at li.ming 16:30 followup add LEAD-2026-002 方式=电话 结果=中性 要点=采购经理要先看资料 下一步=发送资料 下次跟进日期=本周四

day 2026-03-10 星期二：跟进、剔除、转化、第一次推进
due 08:40 li.ming chen.jie
at chen.jie 09:20 followup add LEAD-2026-003 方式=邮件 结果=中性 要点=已发送升降桌资料和报价区间 下一步=电话回访 下次跟进日期=本周五
at chen.jie 09:30 followup add LEAD-2026-004 方式=电话 结果=未接通 要点=拨打两次均为空号 无下一步原因=号码无效
at chen.jie 09:32 lead disqualify LEAD-2026-004 --reason 信息虚假 --evidence 3月10日拨打两次均为空号
at li.ming 11:00 followup add LEAD-2026-001 方式=上门 结果=积极 要点=看过演示，总经理要报价 下一步=送报价 下次跟进日期=明天
at li.ming 11:20 lead qualify LEAD-2026-001
at li.ming 11:30 lead convert LEAD-2026-001 预计成交日期=2026-03-31
at li.ming 11:35 contact set B2B-2026-001 联系人甲 决策角色=决策者 影响力=5 态度=1
at li.ming 11:36 contact add B2B-2026-001 姓名=联系人庚 职位=生产总监 决策角色=技术购买者 工作电话=13800132011 汇报对象=联系人甲 影响力=3 态度=2
at li.ming 11:37 customer chain B2B-2026-001
refused 6 li.ming 11:40 opportunity set OPP-2026-001 阶段=商务谈判
at li.ming 15:00 attach OPP-2026-001 报价单.txt --kind 报价单
at li.ming 15:01 opportunity advance OPP-2026-001

day 2026-03-11 星期三：公海、合同草案、谈判
due 09:00 li.ming chen.jie
at chen.jie 09:05 pool list
at chen.jie 09:06 pool claim LEAD-2026-006
at chen.jie 09:30 followup add LEAD-2026-006 方式=微信 结果=中性 要点=已发送运维服务介绍 下一步=微信回访 下次跟进日期=2026-03-18
at li.ming 09:40 followup add OPP-2026-001 方式=拜访 结果=积极 要点=报价已当面送达，认可价格 下一步=发送合同草案 下次跟进日期=今天
at li.ming 10:00 contract add 合同名称=两个车间的生产管理系统 客户=B2B-2026-001 商机=OPP-2026-001 合同金额=62万 产品=生产管理系统 服务周期=24个月 付款条件=签订时付三成，验收后付清
at li.ming 10:05 contract plan CON-2026-001 定金:30%:2026-03-12 尾款:其余:2026-06-30
at li.ming 10:10 contract render CON-2026-001
at li.ming 10:30 opportunity advance OPP-2026-001
refused 6 li.ming 10:40 opportunity win OPP-2026-001
at chen.jie 17:00 followup add LEAD-2026-003 '跟进时间=2026-03-09 15:00' 方式=电话 结果=一般 要点=补记周一的电话 下一步=发送资料 下次跟进日期=2026-03-10

day 2026-03-12 星期四：审批、签约、定金、成交
due 08:40 li.ming chen.jie zhang.wei
refused 7 li.ming 08:50 approve OPP-2026-001
at zhang.wei 09:00 approve
at zhang.wei 09:01 approve OPP-2026-001 --note 同意按此价成交
at li.ming 10:00 followup add LEAD-2026-002 方式=邮件 结果=积极 要点=已发送资料，对方约演示 下一步=线上演示 下次跟进日期=2026-03-17
at chen.jie 10:30 followup add LEAD-2026-005 方式=电话 结果=中性 要点=七月换系统，先记下 下一步=再联系 下次跟进日期=2026-03-20
at li.ming 14:00 contract sign CON-2026-001 --from 2026-03-16 --to 2028-03-15
at li.ming 15:30 contract receive CON-2026-001 18.6万 --reference 20260312-0017
at li.ming 16:00 opportunity win OPP-2026-001 产品=生产管理系统 服务周期=24个月 付款条件=签订时付三成，验收后付清 客户已确认履约=是 实际成交金额=62万
at li.ming 16:10 followup add B2B-2026-001 方式=电话 结果=积极 要点=定金已到账，约下周进场 下一步=进场 下次跟进日期=2026-03-16
at li.ming 17:00 review add 商机=OPP-2026-001 成败因素=首次拜访即演示 成败因素=接触到总经理 经验教训=报价当面送达，草案同日跟上

day 2026-03-13 星期五：检查、周报
due 08:40 li.ming chen.jie zhang.wei
at zhang.wei 16:00 check
at zhang.wei 16:10 opportunity stages
at zhang.wei 16:15 contract plan CON-2026-001
at zhang.wei 16:20 log OPP-2026-001
at zhang.wei 17:00 report weekly
at zhang.wei 17:00 report targets --quarter 2026-Q1

run zhang.wei 17:00 report weekly -o csv >weekly.csv
run zhang.wei 17:00 report targets --quarter 2026-Q1 -o csv >targets.csv

# figure FILE TABLE ROW COLUMN: prints a figure of a report; a row that two columns name is `first,second`.
figure() {
  awk -F, -v table="$2" -v row="$3" -v column="$4" '
    $0 == table { inside = 1; next }
    inside && $0 == "" { exit }
    inside == 1 { for (at = 1; at <= NF; at++) if ($at == column) place = at; inside = 2; next }
    inside && place && ($1 == row || $1 "," $2 == row) { print $place; exit }
  ' "$1"
}

# told FILE TABLE ROW COLUMN FOUND WHY QUERY: shows a figure beside what the query found; they have to be the same.
told() {
  local wanted
  wanted=$(figure "$1" "$2" "$3" "$4")
  printf '\n%s · %s · %s：%s\n  %s\n  $ %s\n  %s\n' "$2" "${3/,/ · }" "$4" "$wanted" "$6" "$7" "$5"
  [[ $5 == "$wanted" ]] || { echo "$1 says '$wanted', the query found '$5'" >&2 && exit 1; }
  printf '%s\t%s\t%s\n' "$2" "$3" "$4" >>explained
}

# typed COMMAND…: a command as it is typed, with quotes where there are blanks.
typed() {
  local word
  printf 'kehu'
  for word in "$@"; do
    if [[ $word == *[[:space:]]* ]]; then printf " '%s'" "$word"; else printf ' %s' "$word"; fi
  done
}

# explain FILE TABLE ROW COLUMN WHY COMMAND…: the query's last line is the figure.
explain() {
  local found
  found=$(run zhang.wei 17:00 "${@:6}" 2>/dev/null | tail -n 1)
  told "${@:1:4}" "$found" "$5" "$(typed "${@:6}")"
}

# explain_lines FILE TABLE ROW COLUMN WHY PATTERN COMMAND…: so many of the query's lines match the pattern.
explain_lines() {
  local found
  found=$(run zhang.wei 17:00 "${@:7}" 2>/dev/null | grep -cE -- "$6") || true
  told "${@:1:4}" "$found" "$5" "$(typed "${@:7}") | grep -cE '$6'"
}

# of NAME FIELD: how a row of the report is asked for: somebody's, a source's, a method's, or all for the sum.
of() {
  case $1 in
    合计) ;;
    陈洁) echo " and $2 = chen.jie" ;;
    李明) echo " and $2 = li.ming" ;;
    *) echo " and $2 = $1" ;;
  esac
}

# of_pair ROW FIELD FIELD: the same for a row of two.
of_pair() { [[ $1 == 合计 ]] || echo "$(of "${1%,*}" "$2")$(of "${1#*,}" "$3")"; }

# new_leads TABLE ROW FILTER: the new leads of a row and their grades.
new_leads() {
  local grade
  explain weekly.csv "$1" "$2" 新增 '获取日期在本周之内的线索，计入现负责人。' lead list --where "$new$3" --count
  for grade in A B C; do
    explain weekly.csv "$1" "$2" "$grade" "其中现在评为 $grade 级的。" lead list --where "$new$3 and 级别 = $grade" --count
  done
}

# followups TABLE ROW FILTER: the follow-ups of a row, and those entered late.
followups() {
  explain weekly.csv "$1" "$2" 跟进 '本周之内发生的跟进，计入跟进人。' followup list --where "$done$3" --count
  explain weekly.csv "$1" "$2" 补录 '其中隔了一天以上才登记的：周一的电话，周三才登记。' followup list --where "$done$3 and $late" --count
}

# responses ROW FILTER WITHIN: how the first responses of a row kept their limit; WITHIN is the filter of the limit.
responses() {
  local asked="$new$2" rate
  explain weekly.csv 首次响应 "$1" 线索 '新增线索中级别有响应时限的：A 级 24 小时，B 级 48 小时。' lead list --where "$asked" --count
  explain weekly.csv 首次响应 "$1" 及时 '自分配起，时限之内有了第一次跟进。' lead list --where "$asked and $3" --count
  explain weekly.csv 首次响应 "$1" 超时 '跟进了，但已过时限。' \
    lead list --where "$asked and 首次响应小时数 is not missing and not $3" --count
  explain weekly.csv 首次响应 "$1" 未响应 '时限已过，还没有跟进。' \
    lead list --where "$asked and 首次响应小时数 is missing and 分配时间 < 2026-03-11" --count
  explain weekly.csv 首次响应 "$1" 待定 '还没有跟进，但时限未过。' \
    lead list --where "$asked and 首次响应小时数 is missing and 分配时间 >= 2026-03-11" --count
  rate="$(figure weekly.csv 首次响应 "$1" 及时) / ($(figure weekly.csv 首次响应 "$1" 线索) - $(figure weekly.csv 首次响应 "$1" 待定))"
  told weekly.csv 首次响应 "$1" 及时率 "$(awk "BEGIN { print int(10000 * $rate + 0.5) / 10000 }")" \
    '及时 ÷（线索 − 待定），取上面三个数。' "awk 'BEGIN { print $rate }'"
}

printf '\n# 周报中的每个数字，以及得出它的查询\n'
new='获取日期 >= 2026-03-09 and 获取日期 <= 2026-03-15'
done='跟进时间 >= 2026-03-09 and 跟进时间 <= 2026-03-15'
late='跟进时间 < 2026-03-10 and 登记时间 >= 2026-03-11'
within='(级别 = A and 首次响应小时数 <= 24 or 级别 = B and 首次响应小时数 <= 48)'

for who in 陈洁 李明 合计; do new_leads 新增线索 "$who" "$(of "$who" 负责人)"; done
for source in 展会 官网表单 400电话 合计; do new_leads 新增线索来源 "$source" "$(of "$source" 来源)"; done
for pair in 陈洁,官网表单 陈洁,400电话 李明,展会 合计; do
  new_leads 各人新增线索来源 "$pair" "$(of_pair "$pair" 负责人 来源)"
done
responses '陈洁,B 级（中意向）' ' and 级别 = B and 负责人 = chen.jie' "$within"
responses '李明,A 级（高意向）' ' and 级别 = A and 负责人 = li.ming' "$within"
responses 合计 ' and 级别 in (A, B)' "$within"
for who in 陈洁 李明 合计; do followups 跟进 "$who" "$(of "$who" 跟进人)"; done
for pair in 陈洁,电话 陈洁,邮件 陈洁,微信 李明,电话 李明,邮件 李明,拜访 合计; do
  followups 跟进方式 "$pair" "$(of_pair "$pair" 跟进人 跟进方式)"
done
for who in 陈洁 李明 合计; do
  owner=$(of "$who" 负责人)
  explain weekly.csv 转化与剔除 "$who" 转化 '现为已转化、本周才获取的线索。' lead list --where "$new$owner and 状态 = 已转化" --count
  explain weekly.csv 转化与剔除 "$who" 剔除 '现为已剔除、本周才获取的线索。' lead list --where "$new$owner and 状态 = 已剔除" --count
done
for pair in 陈洁,信息虚假 合计; do
  explain weekly.csv 剔除原因 "$pair" 线索 '本周剔除的线索，按剔除原因。' \
    lead list --where "$new and 状态 = 已剔除$(of_pair "$pair" 负责人 剔除原因)" --count
done
for who in 陈洁 李明 合计; do
  login=$(of "$who" 负责人)
  login=${login##* }
  due=(due --owner "${login:-all}" --until 2026-03-22 -o csv)
  explain_lines weekly.csv 待办 "$who" 逾期 '待办清单中已逾期的。' '^逾期' "${due[@]}"
  explain_lines weekly.csv 待办 "$who" 本期 '自今天至周日（3 月 15 日）到期的。' '2026-03-1[345],' "${due[@]}"
  explain_lines weekly.csv 待办 "$who" 下期 '其后七天（3 月 16 日至 22 日）到期的。' '2026-03-(1[6-9]|2[0-2]),' "${due[@]}"
  explain_lines weekly.csv 待办 "$who" 无计划 '没有约定下一步的。' '无计划$' "${due[@]}"
done

# A table some of whose figures are explained has all of them explained.
awk -F, '
  $0 == "" { place = 0; next }
  { place++ }
  place == 1 { table = $0 }
  place == 2 { split($0, heading) }
  place > 2 {
    row = $2 ~ /^[0-9.]*$/ ? $1 : $1 "," $2
    for (at = 2; at <= NF; at++) if ($at ~ /^[0-9.]+$/) print table "\t" row "\t" heading[at]
  }' weekly.csv >figures
while IFS=$'\t' read -r table row column; do
  cut -f 1 explained | grep -qxF -- "$table" || continue
  grep -qxF -- "$table"$'\t'"$row"$'\t'"$column" explained || {
    echo "not explained: $table, $row, $column" >&2 && exit 1
  }
done <figures

explain targets.csv 销售 个人,李明 成交 '李明本季成交的商机的实际成交金额。' \
  opportunity list --where '阶段 = 成交 and 负责人 = li.ming' --columns 实际成交金额 -o csv
receipts='$9 == "收款" && $16 == "li.ming" { sum += $13 } END { printf "%.2f", sum }'
told targets.csv 回款 个人,李明 回款 "$(run zhang.wei 17:00 contract ledger -o csv | awk -F, "$receipts")" \
  '李明的合同所收的款项，取自财务台账。' "kehu contract ledger -o csv | awk -F, '$receipts'"

printf '\n以上 %d 个数字，逐一相符。\n' "$(wc -l <explained)"
(($# == 1)) || echo "$repo" >&2
