"""Who may do what: each route names the least role it takes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort
from flask_login import current_user

from extensions import login_manager
from inventory.models import Role

View = TypeVar("View", bound=Callable[..., Any])
RANK = {Role.VIEWER: 0, Role.PLANNER: 1, Role.OWNER: 2}


def allows(role: Role) -> Callable[[View], View]:
    """Let a route be used by ``role`` and those above it; others get 403, strangers the login.

    The guard test reads ``least_role`` from every route: a route without it is refused there.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            user = current_user._get_current_object()
            if not user.is_authenticated:
                return login_manager.unauthorized()
            if RANK[user.role] < RANK[role]:
                abort(403)
            return view(*args, **kwargs)

        guarded.least_role = role  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def may(role: Role) -> bool:
    """Return whether the signed-in user has at least ``role``."""
    return current_user.is_authenticated and RANK[current_user.role] >= RANK[role]


viewers, planners, owners = allows(Role.VIEWER), allows(Role.PLANNER), allows(Role.OWNER)
