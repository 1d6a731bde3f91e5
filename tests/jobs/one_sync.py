"""A process of its own that runs ``flask sync``: to be killed by ``test_kills``.

Arguments: database URL, instance folder (with the simulator's file), connection id, kind.
"""

import sys
from pathlib import Path

from app import create_app
from tests.conftest import SECRETS


def main() -> int:
    url, instance, connection_id, kind = sys.argv[1:]
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=Path(instance), **SECRETS)
    print("ready", flush=True)  # noqa: T201 - what the test waits for
    arguments = ["sync", "--connection", connection_id, "--kind", kind, "--wait"]
    result = app.test_cli_runner().invoke(args=arguments)
    print(result.output, flush=True)  # noqa: T201
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
