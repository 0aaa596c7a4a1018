"""One line of JSON an entry: no bodies, no line breaks that could pretend to be another entry."""

import json
import logging
from datetime import UTC, datetime


class LineFormatter(logging.Formatter):
    """Instant, level, source and message; an exception adds its kind and place, not its values."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "source": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = record.exc_info[0].__name__
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
