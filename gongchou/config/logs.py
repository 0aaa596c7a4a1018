"""One line of JSON an entry: no bodies, no line breaks that could pretend to be another entry."""

import json
import logging
import traceback
from datetime import UTC, datetime


class LineFormatter(logging.Formatter):
    """Instant, level, source and message; an exception adds its kind and places, not its values."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "source": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            # The database puts the row it refused into its message: only the kind is kept.
            entry["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            entry["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(entry, ensure_ascii=False)
