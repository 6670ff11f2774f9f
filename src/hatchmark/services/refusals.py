"""Why an official act was not done. Nothing was changed and nothing recorded when one of these is raised."""


class RefusedError(Exception):
    """An act was refused; the message says what stands against it and what to do."""


class NotAllowedError(RefusedError):
    """The permission function said no."""


class OutdatedError(RefusedError):
    """Somebody else changed the object in between; it has to be opened again."""


class UnsoundError(RefusedError):
    """The papers contradict themselves or one another."""
