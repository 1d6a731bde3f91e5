"""HTTP in, HTML out. One folder per feature; this is the list of them."""

from flask import Flask

from blueprints import bar, frames, lists, marks, side_menu, typed
from blueprints.account.routes import bp as account
from blueprints.applications.routes import bp as applications
from blueprints.attachments.routes import bp as attachments
from blueprints.auth import first as _first  # noqa: F401 - its routes join auth's
from blueprints.auth.routes import bp as auth
from blueprints.calendar.routes import bp as calendar
from blueprints.centres.routes import bp as centres
from blueprints.connections.acts import bp as connection_acts
from blueprints.connections.making import bp as connecting
from blueprints.connections.routes import bp as connections
from blueprints.connections.settings import bp as connection_settings
from blueprints.home.routes import bp as home
from blueprints.imports.routes import bp as imports
from blueprints.listings.routes import bp as listings
from blueprints.oauth.routes import bp as oauth
from blueprints.orders import acts as _acts  # noqa: F401 - its routes join the lists'
from blueprints.orders import bulk as _bulk  # noqa: F401 - the same
from blueprints.orders import editing as _editing  # noqa: F401 - the same
from blueprints.orders import linking as _linking  # noqa: F401 - the same
from blueprints.orders import page as _order_page  # noqa: F401 - the same
from blueprints.orders import papers as _papers  # noqa: F401 - the same
from blueprints.orders import receiving as _receiving  # noqa: F401 - the same
from blueprints.orders.routes import bp as orders
from blueprints.own_stock import files as _files  # noqa: F401 - its routes join the stock's
from blueprints.own_stock import ledger as _ledger  # noqa: F401 - the same
from blueprints.own_stock.routes import bp as own_stock
from blueprints.rates.routes import bp as rates
from blueprints.saved_views.routes import bp as saved_views
from blueprints.search.routes import bp as search
from blueprints.sending import acts as _sending_acts  # noqa: F401 - its routes join the page's
from blueprints.sending import papers as _sending_papers  # noqa: F401 - the same
from blueprints.sending.routes import bp as sending
from blueprints.settings import statuses as _statuses  # noqa: F401 - its routes join the page's
from blueprints.settings.routes import bp as settings
from blueprints.shipments import page as _shipment_page  # noqa: F401 - the same
from blueprints.shipments.routes import bp as shipments
from blueprints.stale import claims as _claims  # noqa: F401 - its routes join the desk's
from blueprints.stale import routes as _desk  # noqa: F401 - the same
from blueprints.stale.acts import bp as stale
from blueprints.status.routes import bp as status
from blueprints.stock.routes import bp as stock
from blueprints.syncs.routes import bp as syncs
from blueprints.users.routes import bp as users
from blueprints.variants.routes import bp as variants
from blueprints.vendors.routes import bp as vendors
from blueprints.warehouses import settings as _warehouse_settings  # noqa: F401 - the same
from blueprints.warehouses.routes import bp as warehouses

FEATURES = (
    account,
    applications,
    attachments,
    auth,
    centres,
    calendar,
    connecting,
    connection_acts,
    connection_settings,
    connections,
    home,
    imports,
    listings,
    oauth,
    orders,
    own_stock,
    rates,
    saved_views,
    search,
    sending,
    settings,
    shipments,
    stale,
    status,
    stock,
    syncs,
    users,
    variants,
    vendors,
    warehouses,
)


def init_app(app: Flask) -> None:
    """Mount every feature."""
    bar.init_app(app)
    frames.init_app(app)
    lists.init_app(app)
    marks.init_app(app)
    side_menu.init_app(app)
    typed.init_app(app)
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)
