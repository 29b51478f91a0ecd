"""Work that goes on in the background: given in, done in small transactions, watched, cancelled, taken up again after a crash."""

from bo_panel.jobs.desk import Jobs, Order
from bo_panel.jobs.exports import Exports
from bo_panel.jobs.tasks import ExportThem, MoveThem, TakeBack, Task
from bo_panel.jobs.worker import Worker

__all__ = ["ExportThem", "Exports", "Jobs", "MoveThem", "Order", "TakeBack", "Task", "Worker"]
