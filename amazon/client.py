"""A small client for the Selling Partner API: one method per operation that we use."""

from amazon.eligibility import Eligibility
from amazon.plan_labels import PlanLabels
from amazon.reports import Reports
from amazon.shipments import Shipments
from amazon.stock import Stock


class SellingPartnerClient(Stock, Shipments, PlanLabels, Eligibility, Reports):
    """One seller account in one region. Methods are Amazon's operation ids in snake case.

    The constructor and the counters are ``amazon.transport.Transport``'s. Lists come as
    iterators of pages, lazily: a page is asked for when the one before has been used, so
    that it can be stored first. What is missing at Amazon shows only after a whole chain.
    What makes or changes a plan is sent once: see ``amazon.errors.UnclearError``.
    """
