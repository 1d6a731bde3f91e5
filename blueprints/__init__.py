"""HTTP in, HTML out. One folder per feature; this is the list of them."""

from flask import Flask

from blueprints.auth.routes import bp as auth
from blueprints.home.routes import bp as home
from blueprints.listings.routes import bp as listings
from blueprints.orders.page import bp as orders
from blueprints.search.routes import bp as search
from blueprints.shipments.page import bp as shipments
from blueprints.status.routes import bp as status
from blueprints.stock.routes import bp as stock
from blueprints.variants.routes import bp as variants


def init_app(app: Flask) -> None:
    """Mount every feature."""
    for blueprint in (auth, home, listings, orders, search, shipments, status, stock, variants):
        app.register_blueprint(blueprint)
