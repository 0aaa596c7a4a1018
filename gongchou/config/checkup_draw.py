"""The draw log as the public knows it: key, signatures, roots, witness."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gongchou.accounts import reads as accounts
from gongchou.config.checkup_basics import FAIL, OK, WARN, Finding
from gongchou.core.terms import PublicationKind
from gongchou.drawing import log_file, log_reads
from gongchou.publication import reads as public

NAME = "抽取日志"
OLDEST_HEAD, OLDEST_WITNESS = timedelta(days=2), timedelta(days=10)


def draw_logs(at: datetime) -> list[Finding]:
    """One finding a bureau that has drawn; each names the first thing that is wrong."""
    codes = [row.code for row in accounts.bureaus() if log_reads.size(row.code)]
    return [_log(code, at) for code in codes]


def _log(bureau: str, at: datetime) -> Finding:
    for found in _troubles(bureau, at):
        return found
    heads = log_reads.heads(bureau)
    says = f"{bureau} 有 {log_reads.size(bureau)} 条，{len(heads)} 个签名树根逐个相符。"
    return Finding(name=NAME, state=OK, says=says)


def _troubles(bureau: str, at: datetime) -> Iterator[Finding]:
    heads, size = log_reads.heads(bureau), log_reads.size(bureau)
    if not heads:
        mend = "请确认 gongchou worker 正在运行；负责科室也可以在抽取日志页面签署。"
        yield Finding(name=NAME, state=WARN, says=f"{bureau} 还没有签署过。", mend=mend)
        return
    yield from _broken(bureau)
    yield from _not_public(bureau)
    if heads[-1].size < size and at - heads[-1].at > OLDEST_HEAD:
        says = f"{bureau} 有 {size - heads[-1].size} 条超过两天没有签署。"
        yield Finding(name=NAME, state=WARN, says=says, mend="请确认 gongchou worker 正在运行。")
    seen = [head for head in heads if head.cosigned_at]
    unseen = next((head for head in heads if not seen or head.size > seen[-1].size), None)
    if unseen and at - unseen.at > OLDEST_WITNESS:
        says = f"{bureau} 的树根超过十天没有上级机关见证。"
        mend = "请联系上级机关在“见证抽取日志”页面办理。"
        yield Finding(name=NAME, state=WARN, says=says, mend=mend)


def _broken(bureau: str) -> Iterator[Finding]:
    """Entries, signatures and the key itself."""
    if not log_reads.can_sign(bureau):
        mend = "请恢复与数据库一同备份的 GONGCHOU_SECRET_KEY，不要另换。"
        says = f"{bureau} 的签名私钥用现在的密钥打不开。"
        yield Finding(name=NAME, state=FAIL, says=says, mend=mend)
    steps = log_file.checked(log_reads.as_file(bureau), key=log_reads.public_key(bureau))
    for step in steps:
        if not step.ok:
            says = f"{bureau} 的{step.name}不符：{step.says}"
            mend = "日志可能被改动，请暂停抽取，保留现场并通知审计人员。"
            yield Finding(name=NAME, state=FAIL, says=says, mend=mend)


def _not_public(bureau: str) -> Iterator[Finding]:
    """What stands on the portal must be what stands here."""
    heads = {head.size: head.root for head in log_reads.heads(bureau)}
    for row in public.documents(bureau, kind=PublicationKind.LOG_HEAD):
        said = row.document
        is_same = said["key"] == log_reads.public_key(bureau)
        if not is_same or heads.get(said["size"]) != said["root"]:
            says = f"{bureau} 已公布的前 {said['size']} 条的树根或公钥与数据库不符。"
            mend = "数据库可能被换成旧的或另一份，请停止抽取并通知审计人员。"
            yield Finding(name=NAME, state=FAIL, says=says, mend=mend)
            return
