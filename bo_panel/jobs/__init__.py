"""Work that goes on in the background: given in, done in small transactions, watched, cancelled, taken up again after a crash."""

from bo_panel.jobs.chores import duties_of
from bo_panel.jobs.desk import Jobs, Order
from bo_panel.jobs.exports import Exports
from bo_panel.jobs.outbox import Outbox
from bo_panel.jobs.schedule import Duty, Schedule
from bo_panel.jobs.searching import find_anew
from bo_panel.jobs.tasks import ActOnThem, ExportThem, TakeBack, Task
from bo_panel.jobs.worker import Worker, slept

__all__ = [
    "ActOnThem",
    "Duty",
    "ExportThem",
    "Exports",
    "Jobs",
    "Order",
    "Outbox",
    "Schedule",
    "TakeBack",
    "Task",
    "Worker",
    "duties_of",
    "find_anew",
    "slept",
]
