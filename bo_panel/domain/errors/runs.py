"""Refusals about selections, jobs, and taking back what was done."""

from bo_panel.domain.errors.refusal import Refusal


class NothingSelected(Refusal):
    """An action needs somebody to act on."""

    code, status = "selection.empty", 422
    message = "Nobody is selected. Select at least one row, then choose the action again."


class TooMany(Refusal):
    """A list of ids is bounded."""

    code, status = "selection.too_many", 422
    message = "{count} are selected, and at most {limit} can be changed at once. Narrow the selection."


class SelectionChanged(Refusal):
    """What matched when somebody looked no longer does."""

    code, status = "selection.changed", 409
    message = "{before} matched when you looked, and {now} match now. {differs} Look at the list again, then repeat it."


class ChangedSince(Refusal):
    """What is to be taken back is no longer as it was left."""

    code, status = "undo.changed_since", 409
    message = "This account was changed again since. Look at its history, and change it by hand."


class AlreadyUndone(Refusal):
    """Nothing is taken back twice."""

    code, status = "undo.already", 409
    message = "This was undone already, by {who} in change {change_set}. Undo that one to have it done again."


class StillRunning(Refusal):
    """What goes on cannot be taken back yet: the one would chase the other."""

    code, status = "undo.still_running", 409
    message = "This still goes on as job {job}. Cancel it or wait for its end, then undo it."


class NotUndoable(Refusal):
    """Some things cannot be taken back."""

    code, status = "undo.impossible", 422
    message = "This cannot be undone as a whole. {instead}"


class AboveOwnUndo(Refusal):
    """To take back what was given or taken is to take or give it."""

    code, status = "undo.ceiling", 403
    message = "Taking this back takes or gives more access than you hold there. Ask somebody above you."


class RoleGone(Refusal):
    """A role that was held then is no longer to be had there."""

    code, status = "undo.role_gone", 409
    message = "A role that was held then cannot be held there any more. Give another one by hand."


class Interrupted(Refusal):
    """Something got in the way of a job that has nothing to do with it; told of a job that waits."""

    code, status = "job.interrupted", 503
    message = "{problem} The job goes on by itself from where it stands; what was done stays done."


class GaveUp(Refusal):
    """A job is not begun for ever."""

    code, status = "job.gave_up", 503
    message = "It was begun {times} times and got no further. The log of the worker says why. Give it in again when that is put right."


class JobOver(Refusal):
    """What has ended cannot be cancelled."""

    code, status = "job.over", 409
    message = "This job has ended already. What it did can be undone."


class AlreadyCancelled(Refusal):
    """A job is cancelled once."""

    code, status = "job.cancelled", 409
    message = "This job is being cancelled already. It stops after the users that it has in hand."


class NotThere(Refusal):
    """A list that was narrowed by what is gone is another list."""

    code, status = "selection.not_there", 422
    message = "There is no such thing, or not any more: {asked}. Nothing was done. Look at the list without it, then repeat this."


class ColumnFailed(Refusal):
    """Who matches is known only when what it goes by can be worked out for everybody."""

    code, status = "column.failed", 409
    message = "The column “{column}” of the plugin {plugin} could not be worked out for everybody. Do without it."


class ColumnGone(Refusal):
    """What waits may go by a column of a plugin that was taken out since, or by a profile field."""

    code, status = "column.gone", 409
    message = "The column {name} is not there any more: what added it was taken out. Nothing more of this is done. Do it again without that column."


class ActionGone(Refusal):
    """A job is to do what a plugin offered that is not in use any more."""

    code, status = "action.gone", 409
    message = "The plugin that offered this is not in use any more. Nothing more of it is done."
