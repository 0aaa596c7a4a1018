"""What can be looked at without a database: settings, disk, clock, calendar, fonts, files."""

import os
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.x509 import load_pem_x509_certificate

from gongchou.config.backup.last import last_backup
from gongchou.config.environment import PACKAGE, Environment
from gongchou.config.safety import dangers
from gongchou.law.load import load_calendar
from gongchou.web.typesetting import USES, families, used_as

OK, WARN, FAIL = "ok", "warn", "fail"
GIB = 2**30
DISK_WARN, DISK_FAIL = 5 * GIB, GIB
OLDEST_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
CERTIFICATE_WARN = timedelta(days=30)
TIME_SERVICE_MARKS = (Path("/run/systemd/timesync/synchronized"), Path("/run/chrony"))
# Not settings: set by the product itself, or read by one command only.
OWN_VARIABLES = frozenset({"GONGCHOU_PROCESS", "GONGCHOU_BACKUP_KEY"})
OLDEST_BACKUP = timedelta(days=2)
OLDEST_EXPORT = timedelta(days=2)
PACKAGED_FONTS = {"Noto Serif SC", "Noto Sans SC"}
# The fonts of GB/T 9704, each under the names its files go by.
OFFICIAL_FONTS = {
    "小标宋": {"FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXBSJW--GB1-0"},
    "仿宋": {"FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R"},
    "楷体": {"KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai", "LXGW WenKai"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `mend` is empty where nothing need be done."""

    name: str
    state: str
    says: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def basic_findings(environment: Environment) -> list[Finding]:
    return [
        *_settings(environment),
        *_second_factor(environment),
        *_unknown_names(),
        _disk(environment.var),
        _clock(),
        _calendar(),
        _fonts(environment.fonts),
        _static(),
        *_certificate(environment),
        *_backup(environment),
        *_checkpoints(environment),
        *_export(environment.export),
    ]


def _settings(environment: Environment) -> list[Finding]:
    if found := dangers(environment):
        return [Finding(name="设置", state=FAIL, says="不安全。", mend=says) for says in found]
    kind = "演示环境" if environment.demo else "正式环境"
    return [Finding(name="设置", state=OK, says=f"{kind}，数据文件夹为 {environment.var}。")]


def _second_factor(environment: Environment) -> list[Finding]:
    if environment.second_factor or environment.demo:
        return []
    says = "已关闭：抽取、保管、批准、公示和管理人员只凭密码登录。"
    mend = "除非内网不许带手机，请去掉 GONGCHOU_SECOND_FACTOR=false。"
    return [Finding(name="动态口令", state=WARN, says=says, mend=mend)]


def _unknown_names() -> list[Finding]:
    known = {f"GONGCHOU_{name.upper()}" for name in Environment.model_fields} | OWN_VARIABLES
    names = sorted(name for name in os.environ if name.startswith("GONGCHOU_"))
    return [
        Finding(
            name="设置", state=WARN, says=f"不认识 {name}，没有起作用。", mend="请核对拼写或删去。"
        )
        for name in names
        if name not in known and not name.startswith("GONGCHOU_TEST_")
    ]


def _disk(folder: Path) -> Finding:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    says = f"{folder} 所在磁盘剩余 {free / GIB:.1f} GB。"
    if free >= DISK_WARN:
        return Finding(name="磁盘", state=OK, says=says)
    state = FAIL if free < DISK_FAIL else WARN
    return Finding(name="磁盘", state=state, says=says, mend="请清理或扩容，至少留 5 GB。")


def _clock() -> Finding:
    at = datetime.now(UTC)
    says = f"本机时间 {at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}（北京时间）"
    if at < OLDEST_CLOCK:
        mend = "请校准时间并启用对时服务，否则期限会算错。"
        return Finding(name="时钟", state=FAIL, says=f"{says}，明显偏慢。", mend=mend)
    if not any(mark.exists() for mark in TIME_SERVICE_MARKS):
        mend = "请启用 systemd-timesyncd 或 chrony；虚拟机由主机对时的可不理会。"
        return Finding(name="时钟", state=WARN, says=f"{says}，未发现对时服务。", mend=mend)
    return Finding(name="时钟", state=OK, says=f"{says}，对时服务正在运行。")


def _calendar() -> Finding:
    year = datetime.now(ZoneInfo("Asia/Shanghai")).year
    published = load_calendar().published
    if year not in published:
        mend = f"请在“计划”的“工作日历”录入 {year} 年，或运行 gongchou calendar set。"
        return Finding(name="工作日历", state=FAIL, says=f"没有 {year} 年的工作日安排。", mend=mend)
    if year + 1 not in published:
        says = f"{year} 年已有；{year + 1} 年调休尚未公布，跨年期限为暂定。"
        return Finding(
            name="工作日历", state=WARN, says=says, mend="公布后请在“工作日历”录入，或升级版本。"
        )
    return Finding(name="工作日历", state=OK, says=f"{year} 年和 {year + 1} 年均已有。")


def _fonts(own: Path | None) -> Finding:
    known = set(families(own))
    if not known >= PACKAGED_FONTS:
        mend = "请重新安装产品的依赖（pylopdf-fonts-zh-cn）。"
        return Finding(name="字体", state=FAIL, says="没有中文字体，公文会缺字。", mend=mend)
    used = used_as(own)
    lacking = [
        n for n, fonts in OFFICIAL_FONTS.items() if not known & fonts and USES[n] not in used
    ]
    if not lacking:
        return Finding(name="字体", state=OK, says="公文用小标宋、仿宋、楷体齐全，黑体随产品安装。")
    says = f"公文的{'、'.join(lacking)}以随产品安装的宋体、黑体代替。"
    if own is None:
        return Finding(name="字体", state=OK, says=says)
    mend = (
        f"请把本单位有权使用的字体文件（otf、ttf、ttc）放入 {own}；"
        f"仍不认得的，放入其中名为“{lacking[0]}”的子文件夹。"
    )
    return Finding(name="字体", state=WARN, says=says, mend=mend)


def _static() -> Finding:
    if (PACKAGE / "web" / "collected" / "staticfiles.json").exists():
        return Finding(name="页面资源", state=OK, says="样式与脚本已收集并压缩。")
    if (PACKAGE / "web" / "static" / "dist" / "app.css").exists():
        mend = "正式环境请安装构建好的 wheel，或运行 make assets。"
        return Finding(name="页面资源", state=WARN, says="已构建，未收集。", mend=mend)
    return Finding(
        name="页面资源", state=FAIL, says="没有构建，页面将没有样式。", mend="请运行 make assets。"
    )


def _certificate(environment: Environment) -> list[Finding]:
    if environment.tls_certificate is None:
        return []
    certificate = load_pem_x509_certificate(environment.tls_certificate.read_bytes())
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    says = f"证书还有 {left.days} 天到期。"
    if left > CERTIFICATE_WARN:
        return [Finding(name="证书", state=OK, says=says)]
    state = FAIL if left < timedelta() else WARN
    return [Finding(name="证书", state=state, says=says, mend="请换发证书后重新启动服务。")]


def _backup(environment: Environment) -> list[Finding]:
    """A demonstration needs none; anything else needs one of yesterday."""
    if environment.demo:
        return []
    mend = "请用 gongchou backup create 备份，并存到另一台机器或移动硬盘。"
    last = last_backup(environment.var)
    if last is None:
        return [Finding(name="备份", state=WARN, says="在这里还没有做过备份。", mend=mend)]
    age = datetime.now(UTC) - last.at
    says = f"上次备份在 {age.days} 天 {age.seconds // 3600} 小时前，文件为 {last.file}。"
    if age > OLDEST_BACKUP:
        return [Finding(name="备份", state=WARN, says=says, mend=mend)]
    return [Finding(name="备份", state=OK, says=says)]


def _checkpoints(environment: Environment) -> list[Finding]:
    """Whether the heads of the log go to another disk, and came there lately."""
    name, folder = "校验点", environment.checkpoints
    if environment.demo:
        return []
    if folder is None:
        mend = "请设置 GONGCHOU_CHECKPOINTS 为另一块磁盘上的文件夹；纸面和门户上的校验点也请留存。"
        return [Finding(name=name, state=WARN, says="没有另存到其他磁盘。", mend=mend)]
    if environment.var.exists() and folder.stat().st_dev == environment.var.stat().st_dev:
        mend = "请把 GONGCHOU_CHECKPOINTS 改到另一块磁盘或移动硬盘。"
        says = f"{folder} 与数据文件夹在同一块磁盘上。"
        return [Finding(name=name, state=WARN, says=says, mend=mend)]
    newest = max((one.stat().st_mtime for one in folder.glob("checkpoint-*.json")), default=0)
    age = datetime.now(UTC) - datetime.fromtimestamp(newest, UTC)
    if age > OLDEST_BACKUP:
        mend = "请确认 gongchou worker 正在运行，并且能写这个文件夹。"
        says = f"{folder} 里最近两天没有新的校验点。"
        return [Finding(name=name, state=WARN, says=says, mend=mend)]
    return [Finding(name=name, state=OK, says=f"每天另存到 {folder}。")]


def _export(folder: Path | None) -> list[Finding]:
    """It is renewed with every day, so an old one means that nobody renews it."""
    if folder is None:
        return []
    manifest = folder / "current" / "manifest.json"
    mend = "请确认 gongchou worker 正在运行，且运行用户可以写这个文件夹。"
    if not manifest.exists():
        says = f"{folder} 里还没有静态门户。"
        return [Finding(name="静态门户", state=WARN, says=says, mend=mend)]
    age = datetime.now(UTC) - datetime.fromtimestamp(manifest.stat().st_mtime, UTC)
    says = f"{folder} 里的静态门户写于 {age.days} 天 {age.seconds // 3600} 小时前。"
    if age > OLDEST_EXPORT:
        return [Finding(name="静态门户", state=WARN, says=says, mend=mend)]
    return [Finding(name="静态门户", state=OK, says=says)]
