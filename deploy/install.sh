#!/bin/sh
# 离线安装公抽：在解开的安装包里运行 sh install.sh /opt/gongchou，不访问网络。
set -eu
cd "$(dirname "$0")"
target=${1:-/opt/gongchou}
python=${PYTHON:-python3}

sha256sum --check --quiet SHA256SUMS || {
  echo "安装包不完整或被改动过，请重新拷贝后再试。" >&2
  exit 1
}
wanted=$(cat python-version)
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$wanted" ] || {
  echo "这个安装包要用 Python $wanted，本机的 $python 是 $found。请用 PYTHON=路径 指明，或换一个安装包。" >&2
  exit 2
}
"$python" -m venv "$target" || {
  echo "建不起虚拟环境，请先安装 python3-venv（系统安装盘里有）。" >&2
  exit 2
}
offline() {
  "$target/bin/python" -m pip --isolated --disable-pip-version-check install --quiet \
    --no-index --find-links wheels "$@"
}
offline --require-hashes -r requirements/base.lock
offline --require-hashes -r requirements/pg.lock
offline --no-deps --force-reinstall gongchou-*.whl
echo "已装到 $target。下一步见 README.md 第 2 条：填写设置，升级数据库，建机构。"
