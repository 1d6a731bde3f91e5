"""settings vendors and receipts"""

import sqlalchemy as sa
from alembic import op

import extensions

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_window",
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("opens_after_days", sa.Integer(), nullable=False),
        sa.Column("closes_after_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "opens_after_days >= 0 AND closes_after_days >= opens_after_days",
            name=op.f("ck_claim_window_days"),
        ),
        sa.PrimaryKeyConstraint("marketplace_id", name=op.f("pk_claim_window")),
    )
    op.create_table(
        "data_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("runs", sa.String(length=16), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_data_mark_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_mark")),
    )
    op.create_table(
        "order_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "draft",
                "active",
                "closed",
                "canceled",
                name="statustype",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_status")),
        sa.UniqueConstraint("name", name=op.f("uq_order_status_name")),
    )
    op.create_table(
        "vendor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=50), nullable=False),
        sa.Column("line1", sa.String(length=180), nullable=False),
        sa.Column("line2", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("postal_code", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_terms", sa.String(length=100), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lead_time_days >= 0", name=op.f("ck_vendor_lead_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
        sa.UniqueConstraint("name", name=op.f("uq_vendor_name")),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("per_euro", extensions.Rate(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("stored_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("per_euro > 0", name=op.f("ck_exchange_rate_per_euro")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_exchange_rate_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("currency", "day", name=op.f("pk_exchange_rate")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "user_id", "page", "name", name=op.f("uq_saved_view_user_id_page_name")
        ),
    )
    op.create_table(
        "vendor_item",
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("vendor_sku", sa.String(length=255), nullable=False),
        sa.Column("unit_cost", extensions.Money(), nullable=True),
        sa.Column("units_per_case", sa.Integer(), nullable=True),
        sa.Column("minimum_units", sa.Integer(), nullable=True),
        sa.CheckConstraint("minimum_units >= 0", name=op.f("ck_vendor_item_minimum_units")),
        sa.CheckConstraint("units_per_case >= 1", name=op.f("ck_vendor_item_units_per_case")),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_vendor_item_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["vendor.id"],
            name=op.f("fk_vendor_item_vendor_id_vendor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("vendor_id", "variant_id", name=op.f("pk_vendor_item")),
    )
    with op.batch_alter_table("vendor_item", schema=None) as batch_op:
        batch_op.create_index("ix_vendor_item_variant_id", ["variant_id"], unique=False)

    op.create_table(
        "centre_place",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(length=16), nullable=False),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_centre_place_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", "centre", name=op.f("pk_centre_place")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("shipment_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("added_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(order_id IS NULL) <> (shipment_id IS NULL)", name=op.f("ck_attachment_subject")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_attachment_order_id_stock_order"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment.id"],
            name=op.f("fk_attachment_shipment_id_shipment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_attachment_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attachment_shipment_id"), ["shipment_id"], unique=False
        )

    op.create_table(
        "stock_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("units_before", sa.Integer(), nullable=False),
        sa.Column("units_after", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_stock_entry_listing_id_listing"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_stock_entry_order_id_stock_order"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_stock_entry_user_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouse.id"],
            name=op.f("fk_stock_entry_warehouse_id_warehouse"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_entry")),
    )
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_entry_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_entry_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "ix_stock_entry_warehouse_listing", ["warehouse_id", "listing_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_entry_warehouse_newest", ["warehouse_id", "id"], unique=False
        )

    op.create_table(
        "not_alike",
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("said_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_not_alike_order_id_stock_order"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment.id"],
            name=op.f("fk_not_alike_shipment_id_shipment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_not_alike_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("shipment_id", "order_id", name=op.f("pk_not_alike")),
    )
    with op.batch_alter_table("not_alike", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_alike_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("is_opening", sa.Boolean(), nullable=False),
        sa.Column("undone_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["order_line.id"],
            name=op.f("fk_order_receipt_line_id_order_line"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_order_receipt_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_receipt")),
    )
    with op.batch_alter_table("order_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_receipt_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_receipt_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_order_receipt_received_on"), ["received_on"], unique=False
        )

    op.create_table(
        "import_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_import_draft_order_id_stock_order"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_import_draft_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        for name in ("created_at", "order_id", "user_id"):
            batch_op.create_index(batch_op.f(f"ix_import_draft_{name}"), [name], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("next_reference", sa.Integer(), server_default="1", nullable=False)
        )
        batch_op.add_column(
            sa.Column("purchase_prefix", sa.String(length=20), server_default="PO-", nullable=False)
        )
        batch_op.add_column(
            sa.Column("transfer_prefix", sa.String(length=20), server_default="TO-", nullable=False)
        )
        batch_op.add_column(
            sa.Column("default_status", sa.String(length=64), server_default="Open", nullable=False)
        )
        batch_op.add_column(
            sa.Column("open_send", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("ignore_stale", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("ignore_after_days", sa.Integer(), server_default="30", nullable=False)
        )
        batch_op.add_column(sa.Column("ignore_looked_on", sa.Date(), nullable=True))
        for name in ("rates_read_at", "rates_asked_at"):
            batch_op.add_column(
                sa.Column(name, extensions.UtcDateTime(timezone=True), nullable=True)
            )
        batch_op.add_column(
            sa.Column("rates_problem", sa.String(length=300), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("digest_sent_at", extensions.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("feed_hash", sa.String(length=64), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_account_ignore_after_days"), "ignore_after_days >= 0"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_account_next_reference"), "next_reference >= 1"
        )

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("inverse", sa.JSON(), server_default="{}", nullable=False))
        batch_op.create_index(batch_op.f("ix_change_batch"), ["batch"], unique=False)

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("units_ignored", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("units_sent", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("tax_rate", extensions.Money(), nullable=True))
        batch_op.add_column(sa.Column("units_per_case", sa.Integer(), nullable=True))

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ignored_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("ignore_pin", sa.String(length=8), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("ignore_pinned_by", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("ignore_pinned_at", extensions.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("note", sa.String(length=1000), server_default="", nullable=False)
        )
        batch_op.create_index(
            "ix_shipment_ignored",
            ["expected_on", "id"],
            unique=False,
            sqlite_where=sa.text("ignored_on IS NOT NULL"),
            postgresql_where=sa.text("ignored_on IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_shipment_ignore_pinned_by_user"),
            "user",
            ["ignore_pinned_by"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("stock_order", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("units_ignored", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("ignored_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("vendor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("vendor_notes", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("notes", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("payment_terms", sa.String(length=100), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("payment_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("discount", extensions.Money(), nullable=True))
        batch_op.add_column(sa.Column("placement_fee", extensions.Money(), nullable=True))
        batch_op.add_column(
            sa.Column("converted_from", sa.JSON(), server_default="[]", nullable=False)
        )
        batch_op.add_column(
            sa.Column("spread_by", sa.String(length=8), server_default="value", nullable=False)
        )
        batch_op.add_column(
            sa.Column("rounding", sa.String(length=8), server_default="up", nullable=False)
        )
        batch_op.add_column(
            sa.Column("locked_at", extensions.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_stock_order_vendor_id"), ["vendor_id"], unique=False)
        batch_op.create_index(
            "ix_stock_order_ignored",
            ["kind", "expected_on", "id"],
            unique=False,
            sqlite_where=sa.text("units_ignored > 0"),
            postgresql_where=sa.text("units_ignored > 0"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_stock_order_vendor_id_vendor"), "vendor", ["vendor_id"], ["id"]
        )

    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_cost", extensions.Money(), nullable=True))
        batch_op.add_column(
            sa.Column("cost_currency", sa.String(length=3), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("weight_grams", sa.Integer(), nullable=True))

    with op.batch_alter_table("warehouse", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "stock_basis",
                sa.Enum(
                    "fulfillable",
                    "fc_transfer",
                    "fc_processing",
                    name="stockbasis",
                    native_enum=False,
                    length=32,
                ),
                nullable=True,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("warehouse", schema=None) as batch_op:
        batch_op.drop_column("stock_basis")

    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_column("weight_grams")
        batch_op.drop_column("cost_currency")
        batch_op.drop_column("unit_cost")

    with op.batch_alter_table("stock_order", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stock_order_vendor_id_vendor"), type_="foreignkey")
        batch_op.drop_index(
            "ix_stock_order_ignored",
            sqlite_where=sa.text("units_ignored > 0"),
            postgresql_where=sa.text("units_ignored > 0"),
        )
        batch_op.drop_index(batch_op.f("ix_stock_order_vendor_id"))
        batch_op.drop_column("locked_at")
        batch_op.drop_column("rounding")
        batch_op.drop_column("converted_from")
        batch_op.drop_column("spread_by")
        batch_op.drop_column("placement_fee")
        batch_op.drop_column("discount")
        batch_op.drop_column("payment_on")
        batch_op.drop_column("payment_terms")
        batch_op.drop_column("notes")
        batch_op.drop_column("vendor_notes")
        batch_op.drop_column("vendor_id")
        batch_op.drop_column("ignored_on")
        batch_op.drop_column("units_ignored")

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_shipment_ignore_pinned_by_user"), type_="foreignkey"
        )
        batch_op.drop_index(
            "ix_shipment_ignored",
            sqlite_where=sa.text("ignored_on IS NOT NULL"),
            postgresql_where=sa.text("ignored_on IS NOT NULL"),
        )
        batch_op.drop_column("note")
        batch_op.drop_column("ignore_pinned_at")
        batch_op.drop_column("ignore_pinned_by")
        batch_op.drop_column("ignore_pin")
        batch_op.drop_column("ignored_on")
        batch_op.drop_column("fee_on")

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_column("units_per_case")
        batch_op.drop_column("tax_rate")
        batch_op.drop_column("units_sent")
        batch_op.drop_column("units_ignored")

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_batch"))
        batch_op.drop_column("inverse")
        batch_op.drop_column("batch")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_next_reference"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_account_ignore_after_days"), type_="check")
        batch_op.drop_column("feed_hash")
        for name in ("rates_problem", "rates_asked_at", "rates_read_at"):
            batch_op.drop_column(name)
        batch_op.drop_column("digest_sent_at")
        batch_op.drop_column("ignore_looked_on")
        batch_op.drop_column("ignore_after_days")
        batch_op.drop_column("ignore_stale")
        batch_op.drop_column("open_send")
        batch_op.drop_column("default_status")
        batch_op.drop_column("transfer_prefix")
        batch_op.drop_column("purchase_prefix")
        batch_op.drop_column("next_reference")

    op.drop_table("import_draft")
    with op.batch_alter_table("order_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_receipt_received_on"))
        batch_op.drop_index(batch_op.f("ix_order_receipt_line_id"))
        batch_op.drop_index(batch_op.f("ix_order_receipt_batch"))

    op.drop_table("order_receipt")
    with op.batch_alter_table("not_alike", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_not_alike_order_id"))

    op.drop_table("not_alike")
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_entry_warehouse_newest")
        batch_op.drop_index("ix_stock_entry_warehouse_listing")
        batch_op.drop_index(batch_op.f("ix_stock_entry_order_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_batch"))

    op.drop_table("stock_entry")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_shipment_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_order_id"))

    op.drop_table("attachment")
    op.drop_table("centre_place")
    with op.batch_alter_table("vendor_item", schema=None) as batch_op:
        batch_op.drop_index("ix_vendor_item_variant_id")

    op.drop_table("vendor_item")
    op.drop_table("saved_view")
    op.drop_table("exchange_rate")
    op.drop_table("vendor")
    op.drop_table("order_status")
    op.drop_table("data_mark")
    op.drop_table("claim_window")
