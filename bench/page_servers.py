"""The servers that bench_pages.py asks: ours, and two bare Flask pages of the same bytes."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from bench.table import free_port

TICKS_S = os.sysconf("SC_CLK_TCK")

BARE = """
from pathlib import Path
from flask import Flask
app = Flask(__name__)
pages = {path.stem: path.read_text() for path in Path(__file__).parent.glob("*.html")}

@app.get("/<name>")
def show(name):
    return pages[name]
"""
#: A bare table page: 50 rows read with SQLAlchemy, ten cells each drawn by Jinja, no user.
TABLE = """
from pathlib import Path
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
app = Flask(__name__)
folder = Path(__file__).parent
engine = sa.create_engine(f"sqlite:///{{folder / '{size}.db'}}")
table = sa.Table("stock_order", sa.MetaData(), autoload_with=engine)
columns = list(table.columns)[:10]
TEXT = '''<!doctype html><title>Orders</title><table>{{% for row in rows %}}<tr>
{{% for cell in row %}}<td class="cell">{{{{ cell }}}}</td>{{% endfor %}}</tr>{{% endfor %}}
</table>'''
template = app.jinja_env.from_string(TEXT)
sizes = {{path.stem: path.stat().st_size for path in folder.glob("*.html")}}

@app.get("/<name>")
def show(name):
    with Session(engine) as session:
        found = sa.select(*columns).order_by(table.c.id).limit(50)
        rows = session.execute(found).all()
    drawn = template.render(rows=rows)
    return drawn + "." * (sizes[name] - len(drawn))
"""
OURS = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from app import create_app
folder = Path(__file__).parent
url = f"sqlite:///{{folder / '{size}.db'}}"
app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, PAGES_KEPT={kept}, **{keys!r})
"""


class Served:
    """gunicorn with one worker on core 0, for as long as the block runs."""

    def __init__(self, folder: Path, target: str) -> None:
        self.folder, self.port = folder, free_port()
        gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4"]
        where = ["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--chdir", str(folder)]
        self.command = ["taskset", "-c", "0", *gunicorn, *where, "--log-level", "error", target]

    def __enter__(self) -> Self:
        # Not in our folder: gunicorn would find our settings there, and start the jobs.
        self.process = subprocess.Popen(self.command, cwd=self.folder)
        for _ in range(100):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=1).connect()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def cpu_s(self) -> float:
        """Return the CPU seconds that the worker has used, whatever else the machine did."""
        pid = self.process.pid
        (worker,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_S
