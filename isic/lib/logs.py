"""Logs for machines: one JSON object a line, with what helps to operate and nothing of what people typed."""

import json
import logging
from datetime import UTC, datetime

#: What a record may carry beside its message; anything else, such as the request, stays out.
EXTRAS = ("method", "path", "status", "ms", "user", "event", "account", "factor", "address")


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
