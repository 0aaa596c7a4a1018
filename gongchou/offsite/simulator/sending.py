"""A simulated folder sent to a receiver on this machine, so many times as fast as it happened."""

import asyncio
from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from gongchou.core.refusals import Refused

HOST = "127.0.0.1"
TOGETHER = 500


async def send(folder: Path, speed: float, port: int) -> int:
    """Each logger over a connection of its own; answers are read and let go. Returns the pieces."""
    paths = sorted((folder / "hj212").glob("*.bin"))
    writers = {path: await _connection(port) for path in paths}
    begun: float | None = None
    count = 0
    clock = asyncio.get_running_loop().time
    start = clock()
    for second, path, part in merge(*(_parts(path) for path in paths)):
        begun = second if begun is None else begun
        if (wait := start + (second - begun) / speed - clock()) > 0:
            await asyncio.sleep(wait)
        if writers[path].is_closing():
            # A receiver closes a line that was silent for long; a logger opens another.
            writers[path] = await _connection(port)
        writers[path].write(part)
        count += 1
        if count % TOGETHER == 0:
            await asyncio.gather(*(writer.drain() for writer in writers.values()))
    for writer in writers.values():
        writer.close()
        await writer.wait_closed()
    return count


async def _connection(port: int) -> asyncio.StreamWriter:
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        raise Refused(
            f"本机 {port} 端口没有接收服务，请先运行 gongchou hj212 serve，或写明 --port。"
        ) from None
    asyncio.create_task(_read_away(reader))  # noqa: RUF006 - ends with its connection
    return writer


async def _read_away(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass


def _parts(path: Path) -> Iterator[tuple[int, Path, bytes]]:
    with path.open("rb") as content:
        for line in path.with_suffix(".csv").read_text().splitlines():
            second, _, size = line.partition(",")
            yield int(second), path, content.read(int(size))
