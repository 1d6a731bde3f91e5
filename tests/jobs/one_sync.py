"""What runs ``flask sync`` in a process of its own: to be killed by ``test_kills``."""

from multiprocessing.connection import Connection
from pathlib import Path

from app import create_app
from tests.conftest import SECRETS


def sync(url: str, instance: Path, connection_id: int, kind: str, parent: Connection) -> None:
    """Tell the parent when it begins; and in the end the exit code, and what was printed."""
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=instance, **SECRETS)
    parent.send("ready")
    arguments = ["sync", "--connection", str(connection_id), "--kind", kind, "--wait"]
    result = app.test_cli_runner().invoke(args=arguments)
    parent.send((result.exit_code, result.output))
