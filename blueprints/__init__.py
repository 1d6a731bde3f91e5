"""HTTP in, HTML out. One folder per feature; this is the list of them."""

from flask import Flask

from blueprints import bar, frames, lists, marks, side_menu
from blueprints.account.routes import bp as account
from blueprints.applications.routes import bp as applications
from blueprints.auth import first as _first  # noqa: F401 - its routes join auth's
from blueprints.auth.routes import bp as auth
from blueprints.connections.acts import bp as connection_acts
from blueprints.connections.making import bp as connecting
from blueprints.connections.routes import bp as connections
from blueprints.connections.settings import bp as connection_settings
from blueprints.home.routes import bp as home
from blueprints.listings.routes import bp as listings
from blueprints.oauth.routes import bp as oauth
from blueprints.orders import page as _order_page  # noqa: F401 - its routes join the lists'
from blueprints.orders.routes import bp as orders
from blueprints.search.routes import bp as search
from blueprints.shipments import page as _shipment_page  # noqa: F401 - the same
from blueprints.shipments.routes import bp as shipments
from blueprints.status.routes import bp as status
from blueprints.stock.routes import bp as stock
from blueprints.syncs.routes import bp as syncs
from blueprints.users.routes import bp as users
from blueprints.variants.routes import bp as variants
from blueprints.warehouses.routes import bp as warehouses

FEATURES = (
    account,
    applications,
    auth,
    connecting,
    connection_acts,
    connection_settings,
    connections,
    home,
    listings,
    oauth,
    orders,
    search,
    shipments,
    status,
    stock,
    syncs,
    users,
    variants,
    warehouses,
)


def init_app(app: Flask) -> None:
    """Mount every feature."""
    bar.init_app(app)
    frames.init_app(app)
    lists.init_app(app)
    marks.init_app(app)
    side_menu.init_app(app)
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)
