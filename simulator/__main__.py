"""``python -m simulator``: serve the pretend Amazon on a port."""

import os
import sys
from pathlib import Path

from simulator import CREDENTIALS, Simulator, create_simulator
from simulator.scenarios import SCENARIOS
from simulator.serving import SimulatorServer

_HELP = """\
Simulated Amazon, scenario "{scenario}", region {region}: {url}
Start the app with
  SPAPI_ENDPOINT_{region}={url}
  LWA_TOKEN_URL={url}/auth/o2/token
and connect with
  Client ID      {c.client_id}
  Client secret  {c.client_secret}
  Application ID {c.application_id}
  Seller ID      {c.seller_id}
  Refresh token  {c.refresh_token}
Counters, scripted answers, passing days: {url}/simulator/control
"""


def main() -> None:
    """Serve until interrupted. Reads SIMULATOR_PORT, SIMULATOR_REGION, SIMULATOR_FILE, SCENARIO."""
    scenario = os.environ.get("SCENARIO", "default")
    region = os.environ.get("SIMULATOR_REGION", "NA")
    if scenario not in SCENARIOS:
        sys.exit(f"SCENARIO must be one of {', '.join(SCENARIOS)}")
    path = Path(os.environ.get("SIMULATOR_FILE", f"instance/simulator-{scenario}.db"))
    path.parent.mkdir(parents=True, exist_ok=True)
    app = create_simulator(Simulator(path, scenario), region)
    port = int(os.environ.get("SIMULATOR_PORT", "8100"))
    server = SimulatorServer(app, os.environ.get("SIMULATOR_HOST", "127.0.0.1"), port)
    text = _HELP.format(scenario=scenario, region=region, url=server.url, c=CREDENTIALS)
    sys.stdout.write(text)
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
