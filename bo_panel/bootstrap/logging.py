"""What is logged, and how: one line per event, without the values of variables, which may be secrets."""

import logging
import sys

import structlog


def configure_logging() -> None:
    """Write events as JSON, a line each, to what is standard error at the time; control characters in values are escaped."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
