"""sendings"""

import sqlalchemy as sa
from alembic import op

import extensions

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("marker", sa.String(length=8), nullable=False),
        sa.Column("plan_name", sa.String(length=40), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "plan",
                "packing",
                "placement",
                "transport",
                "confirm",
                "labels",
                name="sendingstep",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "working",
                "waiting",
                "unclear",
                "failed",
                "voided",
                "canceled",
                "done",
                name="sendingstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("route", sa.String(length=24), nullable=False),
        sa.Column("do_not_split", sa.Boolean(), nullable=False),
        sa.Column("prep_owner", sa.String(length=8), nullable=False),
        sa.Column("label_owner", sa.String(length=8), nullable=False),
        sa.Column("ship_from", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("call", sa.String(length=110), nullable=False),
        sa.Column("call_facts", sa.JSON(), nullable=False),
        sa.Column("called_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("refused", sa.String(length=110), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("plan_id", sa.String(length=38), nullable=False),
        sa.Column("packing_option_id", sa.String(length=38), nullable=False),
        sa.Column("placement_option_id", sa.String(length=38), nullable=False),
        sa.Column("adopted_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("placement_agreed_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("transport_agreed_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("placed_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("transport_confirmed_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("voidable_until", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_sending_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_sending_order_id_stock_order"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sending_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
        sa.UniqueConstraint("marker", name=op.f("uq_sending_marker")),
    )
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sending_connection_id_state", ["connection_id", "state"], unique=False
        )
        batch_op.create_index("ix_sending_order_id", ["order_id", "id"], unique=False)
        batch_op.create_index("ix_sending_plan_id", ["plan_id"], unique=False)
        batch_op.create_index(
            "uq_sending_under_way",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "sending_box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=38), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("length", extensions.Money(), nullable=False),
        sa.Column("width", extensions.Money(), nullable=False),
        sa.Column("height", extensions.Money(), nullable=False),
        sa.Column("length_unit", sa.String(length=2), nullable=False),
        sa.Column("weight", extensions.Money(), nullable=False),
        sa.Column("weight_unit", sa.String(length=2), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sending_id"],
            ["sending.id"],
            name=op.f("fk_sending_box_sending_id_sending"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_box")),
        sa.UniqueConstraint(
            "sending_id", "place", "number", name=op.f("uq_sending_box_sending_id_place_number")
        ),
    )
    op.create_table(
        "sending_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("seller_sku", sa.String(length=255), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("prep_owner", sa.String(length=8), nullable=False),
        sa.Column("label_owner", sa.String(length=8), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("lot_code", sa.String(length=40), nullable=False),
        sa.Column("units_per_case", sa.Integer(), nullable=True),
        sa.Column("prep_category", sa.String(length=32), nullable=False),
        sa.Column("prep_types", sa.JSON(), nullable=False),
        sa.Column("is_prep_wanted", sa.Boolean(), nullable=False),
        sa.Column("corrected", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_sending_line_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["sending_id"],
            ["sending.id"],
            name=op.f("fk_sending_line_sending_id_sending"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_line")),
        sa.UniqueConstraint(
            "sending_id", "seller_sku", name=op.f("uq_sending_line_sending_id_seller_sku")
        ),
    )
    with op.batch_alter_table("sending_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sending_line_listing_id"), ["listing_id"], unique=False
        )

    op.create_table(
        "sending_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("plan_shipment_id", sa.String(length=38), nullable=False),
        sa.Column("option_id", sa.String(length=38), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("amount", extensions.Money(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("amount_before", extensions.Money(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sending_id"],
            ["sending.id"],
            name=op.f("fk_sending_option_sending_id_sending"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_option")),
        sa.UniqueConstraint(
            "sending_id",
            "kind",
            "plan_shipment_id",
            "option_id",
            name=op.f("uq_sending_option_sending_id_kind_plan_shipment_id_option_id"),
        ),
    )
    op.create_table(
        "sending_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "plan",
                "packing",
                "placement",
                "transport",
                "confirm",
                "labels",
                name="sendingstep",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("seller_sku", sa.String(length=255), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("details", sa.String(length=1000), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("seen_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sending_id"],
            ["sending.id"],
            name=op.f("fk_sending_problem_sending_id_sending"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_problem")),
    )
    with op.batch_alter_table("sending_problem", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sending_problem_sending_id"), ["sending_id"], unique=False
        )

    op.create_table(
        "sending_shipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("plan_shipment_id", sa.String(length=38), nullable=False),
        sa.Column("amazon_shipment_id", sa.String(length=32), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("freight", sa.JSON(), nullable=False),
        sa.Column("box_ids", sa.JSON(), nullable=False),
        sa.Column("tracking", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sending_id"],
            ["sending.id"],
            name=op.f("fk_sending_shipment_sending_id_sending"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_shipment")),
        sa.UniqueConstraint(
            "sending_id",
            "plan_shipment_id",
            name=op.f("uq_sending_shipment_sending_id_plan_shipment_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("sending_shipment")
    with op.batch_alter_table("sending_problem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sending_problem_sending_id"))

    op.drop_table("sending_problem")
    op.drop_table("sending_option")
    with op.batch_alter_table("sending_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sending_line_listing_id"))

    op.drop_table("sending_line")
    op.drop_table("sending_box")
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sending_under_way",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_sending_plan_id")
        batch_op.drop_index("ix_sending_order_id")
        batch_op.drop_index("ix_sending_connection_id_state")

    op.drop_table("sending")
