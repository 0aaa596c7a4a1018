"""What keeps the server from starting: each danger is a sentence that says what to do."""

from gongchou.config.database import is_on_network, sqlite_file
from gongchou.config.environment import Environment


def dangers(environment: Environment) -> list[str]:
    """Sentences about settings with which real data must not be served; empty when all is well."""
    found = []
    if environment.debug and not environment.demo:
        found.append("正式环境不能打开 GONGCHOU_DEBUG，出错页面会泄露数据。请删去这项设置。")
    if not environment.demo and not environment.secret_key:
        found.append(
            "没有设置 GONGCHOU_SECRET_KEY。请用 gongchou secret 生成一个，写入环境文件，"
            "并只让服务用户可读。"
        )
    file = sqlite_file(environment)
    if file and is_on_network(file):
        found.append(
            f"数据库文件 {file} 在网络文件夹上，写入可能丢失。请改放本机磁盘，或改用 PostgreSQL。"
        )
    return found
